//! What the owner of a contract says about a registry, and what authors of entries are asked for.

use std::sync::Arc;

/// A set of typed entries under text keys, from many crates.
///
/// The type is a name for the set: it holds nothing, and is never made. It belongs to whoever owns the contract; manifests
/// name it by its path.
///
/// An entry may be of any type that threads can share: a function, a trait object, a structure of functions. What it makes
/// need not be.
///
/// ```
/// use std::rc::Rc;
/// use treenail_core::Registry;
///
/// /// Codecs: an entry is a structure.
/// pub struct Codecs;
///
/// pub struct Codec {
///     pub encode: fn(&str) -> Vec<u8>,
///     pub is_lossless: bool,
/// }
///
/// impl Registry for Codecs {
///     type Entry = Codec;
/// }
///
/// /// Widgets: an entry is a function, and what it makes stays on the thread that made it.
/// pub struct Widgets;
///
/// impl Registry for Widgets {
///     type Entry = fn(title: &str) -> Rc<str>;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is named as a registry in plugins.toml, and does not implement `Registry`",
    label = "named as a registry",
    note = "what a registry holds is said by `impl treenail_core::Registry for {Self}`, in the crate of `{Self}`"
)]
pub trait Registry: Sized + 'static {
    /// What stands under a key.
    type Entry: ?Sized + Send + Sync + 'static;
}

/// How a type becomes an entry: for `{ type = "…" }` in a manifest.
///
/// The owner of the registry implements it once, for every type that qualifies. The type may be of a crate that knows
/// nothing of treenail.
///
/// ```
/// use treenail_core::{Accepts, Registry};
///
/// pub struct Defaults;
///
/// impl Registry for Defaults {
///     type Entry = fn() -> String;
/// }
///
/// impl<T: Default + ToString> Accepts<T> for Defaults {
///     const ENTRY: &'static Self::Entry = &((|| T::default().to_string()) as fn() -> String);
/// }
///
/// assert_eq!(<Defaults as Accepts<u8>>::ENTRY(), "0");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{C}` is an entry of `{Self}` in plugins.toml, which does not accept it",
    label = "not accepted",
    note = "what `{Self}` accepts is said by the `impl Accepts<…> for {Self}` in its crate"
)]
pub trait Accepts<C: ?Sized>: Registry {
    /// The entry.
    const ENTRY: &'static Self::Entry;
}

/// A type that is an entry and needs services: `{ type = "…", requires = { … } }` in a manifest. Implemented by generated code
/// only.
///
/// `All` is always `()`: where a manifest has a mistake, generated code keeps rustc silent about what follows from it by another
/// one.
///
/// ```
/// use treenail_core::Wired;
///
/// /// What the owner of a registry asks of such a type.
/// pub trait FromServices: Wired + Sized {
///     fn from_services(deps: &Self::Deps) -> Self;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as an entry with services",
    label = "no entry of plugins.toml has this type and `requires`",
    note = "declare it in plugins.toml, `{{ type = \"…\", requires = {{ … }} }}`, and put `treenail::plugin!();` at the root of the crate"
)]
pub trait Wired<All = ()>: Sized + 'static {
    /// The generated structure of its services, one field for each line of `requires`.
    type Deps: Send + Sync + 'static;
}

/// How a type that needs services becomes an entry.
///
/// The entry is made once for each key, when its services have been started, and is shared by everybody who looks it up.
///
/// ```
/// use std::sync::Arc;
/// use treenail_core::{AcceptsWired, Registry, Wired};
///
/// pub struct Greetings;
///
/// impl Registry for Greetings {
///     type Entry = dyn Fn(&str) -> String + Send + Sync;
/// }
///
/// pub trait Greeting: Wired {
///     fn greet(deps: &Self::Deps, name: &str) -> String;
/// }
///
/// impl<G: Greeting> AcceptsWired<G> for Greetings {
///     fn entry(_key: &'static str, deps: G::Deps) -> Arc<Self::Entry> {
///         Arc::new(move |name| G::greet(&deps, name))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{C}` is an entry of `{Self}` in plugins.toml, which does not accept it with services",
    label = "not accepted with `requires`",
    note = "what `{Self}` accepts is said by the `impl AcceptsWired<…> for {Self}` in its crate"
)]
pub trait AcceptsWired<C: Wired>: Registry {
    /// Makes the entry of a key.
    fn entry(key: &'static str, deps: C::Deps) -> Arc<Self::Entry>;
}
