//! What only generated code names: the traits that it implements for components, and what it asserts at compile time.

use std::marker::PhantomData;

#[cfg(feature = "lifecycle")]
use treenail_core::composed::Listed;
use treenail_core::digest::Digest;
#[cfg(feature = "lifecycle")]
use treenail_core::features::Feature;

#[cfg(feature = "lifecycle")]
use crate::app::Core;
#[cfg(feature = "config")]
use crate::component::ConfigBinding;
#[cfg(feature = "pipes")]
use crate::component::DeclaredPipe;
#[cfg(feature = "lifecycle")]
use crate::component::{Building, Declared};
#[cfg(feature = "lifecycle")]
use crate::container::{Inputs, Table};
#[cfg(feature = "pipes")]
use crate::pipe::PipeBinding;

/// Names a type in public: rustc refuses one that is not. Implemented by generated code only, in the crate of a component.
pub trait Public<const NUMBER: usize> {
    /// The component's type.
    type Type;
}

/// Makes a component from its inputs. Implemented by generated code only, in the crate of the component, where the composition is not in
/// the same crate.
#[cfg(feature = "lifecycle")]
pub trait Buildable: Declared {
    /// Begins to build it.
    fn building(inputs: &Inputs, deps: Self::Deps) -> Building;
}

/// An application, made of what has started. Implemented by generated code only, for `App`.
#[cfg(feature = "lifecycle")]
pub trait Assembled {
    /// What `App` hands out: a field for each service that has a winner, for each component of an optional plugin by its own type, and
    /// for each registry with entries that are made of services.
    type Services;

    /// The composition as the runtime reads it.
    const TABLE: &'static Table;

    /// Features of the package, with the plugins that they bring.
    const FEATURES: &'static [Feature<'static>] = &[];
    /// Its registries, for people.
    fn registries() -> Vec<Listed> {
        Vec::new()
    }

    /// Everything that is handed out, from where it lives while the application starts.
    fn services(core: &Core) -> Self::Services;
}

/// A component's configuration, bound. Implemented by generated code only.
#[cfg(feature = "config")]
pub trait Configurable: Declared {
    /// Its schema, and how it is read.
    fn binding() -> ConfigBinding;
}

/// A pipe, bound. Implemented by generated code only.
#[cfg(feature = "pipes")]
pub trait Runnable: DeclaredPipe {
    /// The schema of its parameters, and how it is run.
    fn binding() -> PipeBinding;
}

/// Tells whether a service can be shared: `Shared::<S>::SHAREABLE` is `true` where `S: Send + Sync`. Elsewhere it is the
/// constant of [`Unshareable`], because an inherent constant comes before a trait's.
#[derive(Debug)]
pub struct Shared<S: ?Sized>(PhantomData<S>);

impl<S: ?Sized + Send + Sync> Shared<S> {
    /// The service can be shared.
    pub const SHAREABLE: bool = true;
}

/// What [`Shared`] falls back to: the service cannot be shared.
pub trait Unshareable {
    /// The service cannot be shared.
    const SHAREABLE: bool = false;
}

impl<S: ?Sized> Unshareable for Shared<S> {}

/// Refuses a module of the crate, by its path.
///
/// # Panics
/// At compile time, with `message`, if it is not the crate's root.
#[track_caller]
pub const fn assert_at_root(module: &str, message: &str) {
    let module = module.as_bytes();
    let mut at = 0;
    while at < module.len() {
        if module[at] == b':' {
            panic!("{}", message);
        }
        at += 1;
    }
}

/// Compares what is there to what generated code was made from: the digest of the manifest that a plugin crate was compiled with, the
/// version of a package.
///
/// # Panics
/// At compile time, with `message`, if they differ.
#[track_caller]
pub const fn assert_same(there: &str, generated_from: &str, message: &str) {
    assert_equal(there.as_bytes(), generated_from.as_bytes(), message);
}

/// Compares a manifest to the one that committed code was generated from, by its digest.
///
/// # Panics
/// At compile time, with `message`, if it is another one.
#[track_caller]
pub const fn assert_digest(manifest: &[u8], generated_from: &str, message: &str) {
    let digest = Digest::of_text(manifest).print();
    assert_equal(&digest, generated_from.as_bytes(), message);
}

#[track_caller]
const fn assert_equal(one: &[u8], other: &[u8], message: &str) {
    let mut same = one.len() == other.len();
    let mut at = 0;
    while same && at < one.len() {
        same = one[at] == other[at];
        at += 1;
    }
    if !same {
        panic!("{}", message);
    }
}
