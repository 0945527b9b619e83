//! What only generated code names: the traits that it implements for components, and what it asserts at compile time.

use std::marker::PhantomData;

#[cfg(feature = "config")]
use crate::component::ConfigBinding;
#[cfg(feature = "pipes")]
use crate::component::DeclaredPipe;
#[cfg(feature = "lifecycle")]
use crate::component::{Building, Declared};
#[cfg(feature = "lifecycle")]
use crate::container::Inputs;
#[cfg(feature = "pipes")]
use crate::pipe::PipeBinding;

/// Names a type in public: rustc refuses one that is not. Implemented by generated code only, in the crate of a component.
pub trait Public<const NUMBER: usize> {
    /// The component's type.
    type Type;
}

/// Makes a component from its inputs. Implemented by generated code only, in the crate of the component.
#[cfg(feature = "lifecycle")]
pub trait Buildable: Declared {
    /// Begins to build it.
    fn building(inputs: &Inputs, deps: Self::Deps) -> Building;
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
/// At compile time, if it is not the crate's root.
pub const fn assert_at_root(module: &str) {
    let module = module.as_bytes();
    let mut at = 0;
    while at < module.len() {
        if module[at] == b':' {
            panic!(
                "`treenail::plugin!();` stands in a module: put it at the root of the crate, in src/lib.rs"
            );
        }
        at += 1;
    }
}

/// Compares the manifest a plugin crate was compiled with to the one that was composed.
///
/// # Panics
/// At compile time, with `message`, if they differ.
pub const fn assert_same_manifest(linked: &str, composed: &str, message: &str) {
    let (linked, composed) = (linked.as_bytes(), composed.as_bytes());
    let mut same = linked.len() == composed.len();
    let mut at = 0;
    while same && at < linked.len() {
        same = linked[at] == composed[at];
        at += 1;
    }
    if !same {
        panic!("{}", message);
    }
}
