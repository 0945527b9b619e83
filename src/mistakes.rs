//! Keeps a mistake in a manifest one error: rustc says nothing about what follows from it.
//!
//! Where a manifest has a mistake, generated code lacks impls that the rest of the crate relies on, such as `Declared` for a component,
//! and rustc would report each use of them. It is silent about whatever involves the type of something that it has reported already,
//! its error type, because that type equals every other one. So one impl for the error type stands for all impls that are missing.
//!
//! To write that impl takes a type which is the error type if there is a mistake, and an ordinary one if there is none:
//!
//! - It depends on a constant that cannot be evaluated where there is a mistake: it expands to the error, or names a type that is
//!   not found.
//! - It is a projection, by [`Itself`]. An impl whose type is wrong where it is written is dropped; behind a projection rustc learns
//!   of the error only when it compares types.
//! - Where the constant can be evaluated, the impl must hold for no type, in this crate and in those that depend on it. Its where
//!   clause says that a function of an array of that length takes an array of one element. The length is 0, so it never holds; where
//!   the length is an error, it does. `for<'a>` keeps rustc from reporting a bound that never holds.

/// The projection of a type to itself.
pub trait Itself {
    /// The type.
    type Type: ?Sized;
}

impl<T: ?Sized> Itself for T {
    type Type = T;
}

/// The projection of a type to `()`. The traits that tie components to their manifest have it as their parameter, made from all
/// component types at once: where one of these is an error, so is the parameter, and then no impl of the manifest's applies but that
/// for the error type.
pub trait Nothing {
    /// Always `()`, or an error.
    type Type;
}

impl<T> Nothing for T {
    type Type = ();
}

/// Where a stub's methods end, if rustc ever lets one run.
///
/// # Panics
/// Always.
pub fn not_composed<T>() -> T {
    panic!("the composition has mistakes")
}

/// An `App` in place of one that could not be composed: everything type-checks, so that the mistakes of the composition
/// are the only errors. With `$Refused`, the error type, it is that to rustc, which then says nothing of code either that is generic
/// over its application and asks for services; and an editor has an `App` with methods.
#[cfg(feature = "lifecycle")]
#[doc(hidden)]
#[macro_export]
macro_rules! __stub {
    ($App:ident, $Refused:ident) => {
        $crate::__not_in_editor! {
            #[allow(dead_code, unreachable_pub)]
            pub type $App = $Refused;

            $crate::__registries! { __not_composed [AnyRegistry] }
        }
        $crate::__in_editor! { $crate::__stub! { $App } }
    };
    ($App:ident) => {
        mod __app {
            /// The composition has mistakes; this stands in its place.
            #[derive(Debug)]
            pub struct $App {
                core: $crate::__private::Core,
            }

            $crate::__methods! { $App, __not_composed [,,,, __private::AnyRegistry] }
            $crate::__app_logging! { $App, __not_composed }
        }
        #[allow(unreachable_pub, unused_imports)]
        pub use __app::$App;

        $crate::__registries! { __not_composed [AnyRegistry] }
    };
}

/// What stands in the place of registries that could not be composed. That `App` cannot be started is a mistake of its own.
#[cfg(not(feature = "lifecycle"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __stub {
    ($App:ident $(, $Refused:ident)?) => {
        $crate::__no_app! { $App }
        $crate::__registries! { __not_composed [AnyRegistry] }
    };
}

/// The body of a method that speaks of the composition.
#[doc(hidden)]
#[macro_export]
macro_rules! __composed {
    ($body:expr) => {
        $body
    };
}

/// The body of a stub's method, in place of one that speaks of the composition: there is none.
#[doc(hidden)]
#[macro_export]
macro_rules! __not_composed {
    ($body:expr) => {
        $crate::__private::not_composed()
    };
}

/// An impl that counts only where `$LENGTH` cannot be evaluated.
#[doc(hidden)]
#[macro_export]
macro_rules! __impl_for_error {
    ($LENGTH:ident, impl [$($Trait:tt)+] for $Type:ident { $($item:tt)* }) => {
        #[diagnostic::do_not_recommend]
        impl $($Trait)+ for $Type
        where
            for<'a> fn([&'a (); $LENGTH]): ::core::ops::Fn([&'a (); 1]),
        {
            $($item)*
        }
    };
}

/// What makes the error type a component, of any kind.
#[cfg(feature = "lifecycle")]
#[doc(hidden)]
#[macro_export]
macro_rules! __error_is_declared {
    ($LENGTH:ident, $Type:ident) => {
        $crate::__impl_for_error! { $LENGTH, impl [$crate::__private::Declared] for $Type {
            type Deps = $Type;
            type Config = $Type;
        } }
        $crate::__impl_for_error! { $LENGTH, impl [$crate::__private::DeclaredPipe] for $Type {
            type Params = $Type;
        } }
        $crate::__impl_for_error! { $LENGTH, impl [$crate::Wired] for $Type {
            type Deps = $Type;
        } }
    };
}

/// What makes the error type an entry with services.
#[cfg(not(feature = "lifecycle"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __error_is_declared {
    ($LENGTH:ident, $Type:ident) => {
        $crate::__impl_for_error! { $LENGTH, impl [$crate::Wired] for $Type {
            type Deps = $Type;
        } }
    };
}

/// `$Refused`, in the place of every component of a manifest with mistakes. `$error` is the first of them.
#[doc(hidden)]
#[macro_export]
macro_rules! __refused {
    ($Refused:ident, $REASON:ident, $error:expr) => {
        const $REASON: usize = $error;
        #[allow(dead_code)]
        type $Refused = <[(); $REASON] as $crate::__private::Itself>::Type;
        $crate::__error_is_declared! { $REASON, $Refused }
    };
}

/// Takes all types for which generated code implements a trait: components, or services of an application. Where rustc does not find
/// one of them, an impl for the error type stands for the one that is then missing.
#[doc(hidden)]
#[macro_export]
macro_rules! __checked {
    (components $All:ident: $($Type:ident),+) => {
        type $All = <($($Type,)+) as $crate::__private::Nothing>::Type;
        const _: () = {
            $crate::__checked! { $($Type),+ }
            $crate::__error_is_declared! { LENGTH, Checked }
        };
    };
    (services of $App:ident: $($Type:ident),+) => {
        const _: () = {
            $crate::__checked! { $($Type),+ }
            $crate::__impl_for_error! { LENGTH, impl [$crate::ProvidedBy<$App>] for Checked {
                fn provided_by(_: &$App) -> &::std::sync::Arc<Self> {
                    $crate::__private::not_composed()
                }
            } }
        };
    };
    (optional services of $App:ident: $($Type:ident),+) => {
        const _: () = {
            $crate::__checked! { $($Type),+ }
            $crate::__impl_for_error! { LENGTH, impl [$crate::OptionallyProvidedBy<$App>] for Checked {
                fn optionally_provided_by(
                    _: &$App,
                ) -> ::std::option::Option<&::std::sync::Arc<Self>> {
                    $crate::__private::not_composed()
                }
            } }
        };
    };
    (registries of $App:ident: $($Type:ident),+) => {
        const _: () = {
            $crate::__checked! { $($Type),+ }
            type Unknown = <
                $crate::__private::Named<$crate::__private::Nobody, LENGTH> as $crate::__private::Known
            >::Registry;
            $crate::__impl_for_error! { LENGTH, impl [$crate::RegisteredIn<$App>] for Checked {
                type Of = Unknown;
                fn registered(_: &$App) -> &$crate::Entries<Unknown> {
                    $crate::__private::not_composed()
                }
            } }
        };
    };
    (registries: $($Type:ident),+) => {
        const _: () = {
            $crate::__checked! { $($Type),+ }
            type Unknown = <
                $crate::__private::Named<$crate::__private::Nobody, LENGTH> as $crate::__private::Known
            >::Registry;
            $crate::__impl_for_error! { LENGTH, impl [$crate::__private::ConstantIn<registries::Composition>] for Checked {
                type Of = Unknown;
                fn constant() -> &'static $crate::Entries<Unknown> {
                    $crate::__private::not_composed()
                }
            } }
        };
    };
    (several services of $App:ident: $($Type:ident),+) => {
        const _: () = {
            $crate::__checked! { $($Type),+ }
            $crate::__impl_for_error! { LENGTH, impl [$crate::AllProvidedBy<$App>] for Checked {} }
            $crate::__impl_for_error! { LENGTH, impl [$crate::EachProvidedBy<$App>] for Checked {
                const PROVIDERS: &'static [$crate::__private::Provider<Self>] = &[];
            } }
        };
    };
    ($($Type:ident),+) => {
        /// A type of this crate, as the orphan rule wants it.
        pub struct Local<const LENGTH: usize>;
        type Checked = <Local<LENGTH> as $crate::__private::Itself>::Type;
        const LENGTH: usize = {
            $(let _: ::core::marker::PhantomData<$Type>;)+
            0
        };
    };
}
