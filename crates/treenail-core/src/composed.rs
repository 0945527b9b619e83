//! What generated code names: a composed registry, line by line. Not public API.

use std::sync::Arc;

use crate::entries::LeftOutEntry;
pub use crate::index::{Bucket, buckets, index};
use crate::registry::{Accepts, AcceptsWired, Registry, Wired};

/// A registry as it was composed: complete, without a key that stands twice, all of it checked when the program was built.
pub struct Composed<R: Registry> {
    /// Its type, for people.
    pub registry: &'static str,
    /// Every line, by key.
    pub lines: &'static [&'static StaticLine<R>],
    /// Where the line of a key is; rustc, which computes it, finds a key that stands twice.
    pub index: &'static [Bucket<R>],
    /// What another build of the program would have, by key.
    pub left_out: &'static [LeftOutEntry],
}

impl<R: Registry> Composed<R> {
    /// A registry that nobody fills, where a program cannot name its type.
    pub const EMPTY: &'static Self = &Self {
        registry: "",
        lines: &[],
        index: &[],
        left_out: &[],
    };
}

impl<R: Registry> Composed<R> {
    /// What people are told of it.
    #[must_use]
    pub fn listed(&self) -> Listed {
        let lines = self.lines.iter().map(|line| ListedLine {
            key: line.key,
            plugin: line.plugin,
            description: line.description,
            attributes: line.attributes,
        });
        Listed {
            registry: self.registry,
            lines: lines.collect(),
            left_out: self.left_out,
        }
    }
}

/// A registry without its entries: what people are told of it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its type.
    pub registry: &'static str,
    /// Every line, by key.
    pub lines: Vec<ListedLine>,
    /// What another build of the program would have, by key.
    pub left_out: &'static [LeftOutEntry],
}

/// A line of a registry without its entry.
#[derive(Debug, Clone, Copy)]
pub struct ListedLine {
    /// Its key.
    pub key: &'static str,
    /// Id of its plugin.
    pub plugin: &'static str,
    /// One sentence, or nothing.
    pub description: &'static str,
    /// Names and values, as in the manifest.
    pub attributes: &'static [(&'static str, &'static str)],
}

/// A line of a registry, as generated.
pub struct StaticLine<R: Registry> {
    /// Its key.
    pub key: &'static str,
    /// Id of its plugin.
    pub plugin: &'static str,
    /// Version of its plugin's package.
    pub version: &'static str,
    /// One sentence, or nothing.
    pub description: &'static str,
    /// Names and values, as in the manifest.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Where its entry is.
    pub at: EntryAt<R>,
}

/// Where an entry is.
pub enum EntryAt<R: Registry> {
    /// In the program.
    Constant(&'static R::Entry),
    /// It is made when its services are there: its number among those of the registry.
    Made(usize),
}

/// Why an entry is left out. Places are lines of manifests: `plugins.toml:7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The feature that would bring it is off, as it is written after `--features`.
    Feature(&'static str),
    /// It is for another platform.
    Platform,
    /// The host says so there.
    Off(&'static str),
    /// This optional plugin does not fit the program.
    Incompatible(&'static str),
    /// It needs services, and the runtime has no lifecycle.
    Lifecycle,
    /// It needs services, and this is a library: only an application has them.
    Services,
    /// This optional plugin failed when the program started.
    Failed(&'static str),
}

/// A type that a registry accepts. The bound that generated code asks for, so that rustc speaks of the entry and of its registry,
/// and not of what the registry asks of every type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is an entry of `{R}` in plugins.toml, which does not accept it",
    label = "not accepted",
    note = "what `{R}` accepts is said by the `impl Accepts<…> for {R}` in its crate",
    note = "where it has `impl AcceptsWired<…>`, an entry has `requires`, which may be empty: `{{ type = \"…\", requires = {{}} }}`"
)]
pub trait AcceptedBy<R: Registry> {
    /// The entry.
    const ENTRY: &'static R::Entry;
}

#[diagnostic::do_not_recommend]
impl<R: Accepts<C>, C: ?Sized> AcceptedBy<R> for C {
    const ENTRY: &'static R::Entry = <R as Accepts<C>>::ENTRY;
}

/// A type with services that a registry accepts, as [`AcceptedBy`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is an entry of `{R}` in plugins.toml, which does not accept it with services",
    label = "not accepted with `requires`",
    note = "what `{R}` accepts is said by the `impl AcceptsWired<…> for {R}` in its crate"
)]
pub trait AcceptedWiredBy<R: Registry>: Wired {
    /// Makes the entry of a key.
    fn entry(key: &'static str, deps: Self::Deps) -> Arc<R::Entry>;
}

#[diagnostic::do_not_recommend]
impl<R: AcceptsWired<C>, C: Wired> AcceptedWiredBy<R> for C {
    fn entry(key: &'static str, deps: C::Deps) -> Arc<R::Entry> {
        <R as AcceptsWired<C>>::entry(key, deps)
    }
}

/// A type that a manifest names as a registry; `CHECKED` is the constant in which it was asked whether it is one.
pub struct Named<R, const CHECKED: usize>(std::marker::PhantomData<R>);

/// The named type, where it is a registry. Where it is none, the constant cannot be evaluated, this is rustc's error type, and rustc
/// says nothing more of whatever uses it.
pub trait Known {
    /// The registry.
    type Registry;
}

impl<R> Known for Named<R, 0> {
    type Registry = R;
}

/// Asks for a registry, once.
#[must_use]
pub const fn check<R: Registry>() -> usize {
    0
}
