//! How a program asks for the entries of a registry.

use treenail_core::{Entries, Registry};

/// `R: RegisteredIn<App>`: `app.registry::<R>()` hands out the entries of a registry.
#[diagnostic::on_unimplemented(
    message = "the composition of `{A}` has no registry `{Self}`",
    label = "asked for here",
    note = "an entry in plugins.toml, of the host or of a plugin, makes a registry known, and so does a component that requires it; `cargo treenail graph` shows what there is"
)]
#[cfg(feature = "lifecycle")]
pub trait RegisteredIn<A> {
    /// The registry itself; what generated code knows to be none is another type, of which rustc says nothing more.
    #[doc(hidden)]
    type Of: Registry;

    /// Its entries.
    #[doc(hidden)]
    fn registered(app: &A) -> &Entries<Self::Of>;
}

/// A registry of which no entry needs services: `registries::get` hands out its entries without an application.
#[diagnostic::on_unimplemented(
    message = "the composition has no registry `{Self}`",
    label = "asked for here",
    note = "an entry in plugins.toml, of the host or of a plugin, makes a registry known, and so does a component that requires it; `cargo treenail graph` shows what there is"
)]
pub trait ConstantIn<C> {
    /// The registry itself; what generated code knows to be none is another type, of which rustc says nothing more.
    type Of: Registry;

    /// Its entries.
    fn constant() -> &'static Entries<Self::Of>;
}

/// [`ConstantIn`], as `registries::get` asks for it. It has an impl for every type, so rustc says what is not met of the one that it
/// lacks, and not once more of what `registries::get` returns.
pub trait AskedOf<C> {
    /// The registry itself.
    type Of: Registry;

    /// Its entries.
    fn constant() -> &'static Entries<Self::Of>;
}

#[diagnostic::do_not_recommend]
impl<R: ConstantIn<C>, C> AskedOf<C> for R {
    type Of = R::Of;

    fn constant() -> &'static Entries<R::Of> {
        R::constant()
    }
}

/// What an `App` has where the runtime has a lifecycle, and nothing has where it has none.
#[cfg(not(feature = "lifecycle"))]
#[diagnostic::on_unimplemented(
    message = "treenail is built without its feature `lifecycle`: there is no `{Self}` to start, only `registries`",
    label = "needs the feature `lifecycle` of treenail",
    note = "add it in Cargo.toml: `treenail = {{ …, features = [\"lifecycle\"] }}`; or ask `registries::get::<…>()` for entries, which needs none"
)]
pub trait HasLifecycle<'a> {
    /// What has started. Where that is not known, rustc says nothing more of it.
    type App;
}

/// A registry in the place of one that is not known.
#[derive(Debug)]
pub struct Nobody;

impl Registry for Nobody {
    type Entry = ();
}

/// Any registry: a stub has all of them.
pub trait AnyRegistry {
    /// The registry itself.
    type Of: Registry;
}

impl<R: Registry> AnyRegistry for R {
    type Of = R;
}

/// The module of a composition that hands out the entries of its registries. A stub hands out those of any, and `$body` tells them
/// apart.
#[doc(hidden)]
#[macro_export]
macro_rules! __registries {
    () => {
        $crate::__registries! { __composed [AskedOf<Composition>] }
    };
    ($body:ident [$($Asked:tt)+]) => {
        /// The registries of the composition, without an application: they are there before it starts.
        #[allow(dead_code, unreachable_pub)]
        pub mod registries {
            /// What was composed here.
            #[derive(Debug)]
            pub struct Composition;

            /// The entries of a registry of which none needs services.
            #[must_use]
            pub fn get<R: $crate::__private::$($Asked)+>() -> &'static $crate::Entries<R::Of> {
                $crate::$body! { R::constant() }
            }
        }
    };
}
