//! Keeps a mistake in a manifest one error: rustc says nothing about what follows from it.
//!
//! Where a manifest has a mistake, types of the crate are not tied to it as their `impl Component` needs, and rustc would say so of
//! each. Generated code knows no names of those types, and needs none: to rustc, an error in the place of a type is every type, and
//! whatever it meets is silent. An impl for such a type counts only where rustc learns of the error late, so there is a detour through
//! [`Itself`], behind a constant that cannot be evaluated.

/// A type by a detour.
pub trait Itself {
    /// The type.
    type Type: ?Sized;
}

impl<T: ?Sized> Itself for T {
    type Type = T;
}

/// The type `$Refused`, which is an error, and stands for every component of a manifest with mistakes. `$error` is the first of
/// them.
#[doc(hidden)]
#[macro_export]
macro_rules! __refused {
    ($Refused:ident, $error:expr) => {
        #[allow(dead_code)]
        type $Refused = <[(); $error] as $crate::__private::Itself>::Type;
        impl $crate::__private::Wired for $Refused {
            type Deps = $Refused;
            type Config = $Refused;
        }
        impl $crate::__private::WiredPipe for $Refused {
            type Params = $Refused;
        }
    };
}

/// Evaluates a constant in which all types of a manifest stand. Where rustc does not find one of them, the crate has perhaps
/// components that are not declared, and an application that lacks services: both are consequences.
#[doc(hidden)]
#[macro_export]
macro_rules! __checked {
    ($($(#[$condition:meta])* $Type:ident),+ $(; $App:ident)?) => {
        const _: () = {
            /// A type of this crate, as the orphan rule wants it.
            pub struct Local<const NOTHING: usize>;
            type Checked = <Local<{
                $(
                    $(#[$condition])*
                    let _: ::core::marker::PhantomData<$Type>;
                )+
                0
            }> as $crate::__private::Itself>::Type;

            #[diagnostic::do_not_recommend]
            impl $crate::__private::Wired for Checked {
                type Deps = Checked;
                type Config = Checked;
            }
            #[diagnostic::do_not_recommend]
            impl $crate::__private::WiredPipe for Checked {
                type Params = Checked;
            }
            $(
                #[diagnostic::do_not_recommend]
                impl $crate::ProvidedBy<$App> for Checked {
                    fn provided_by(_: &$App) -> &::std::sync::Arc<Self> {
                        $crate::__private::not_composed()
                    }
                }
                #[diagnostic::do_not_recommend]
                impl $crate::OptionallyProvidedBy<$App> for Checked {
                    fn optionally_provided_by(
                        _: &$App,
                    ) -> ::std::option::Option<&::std::sync::Arc<Self>> {
                        ::std::option::Option::None
                    }
                }
                #[diagnostic::do_not_recommend]
                impl $crate::AllProvidedBy<$App> for Checked {
                    const PROVIDERS: &'static [usize] = &[];
                    fn cast(
                        _: usize,
                        _: $crate::__private::Value,
                    ) -> ::std::option::Option<::std::sync::Arc<Self>> {
                        ::std::option::Option::None
                    }
                }
            )?
        };
    };
}
