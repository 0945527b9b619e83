//! Keeps a mistake in a manifest one error: rustc says nothing about what follows from it.
//!
//! Where a manifest has a mistake, types of the crate are not tied to it as their `impl Component` needs, and rustc would say so of
//! each. Generated code knows no names of those types, and needs none: to rustc, an error in the place of a type is every type, and
//! whatever it meets is silent. An impl for such a type counts only where rustc learns of the error late, so there is a detour through
//! [`Itself`], behind a constant that cannot be evaluated.
//!
//! Where the constant can be evaluated, the impls must be there for no type at all, for this crate and for those that depend on it.
//! So they ask that what takes an array of no elements can be called with one of one: to rustc that is so only where the length is an
//! error, and it knows in every crate who implements `Fn`.

/// A type by a detour.
pub trait Itself {
    /// The type.
    type Type: ?Sized;
}

impl<T: ?Sized> Itself for T {
    type Type = T;
}

/// No type: the parameter of the traits that tie components to their manifest. It is made from all their types, so that where one of
/// these is an error, none of the impls counts, and only that remains which stands for all.
pub trait Nothing {
    /// Always `()`, or an error.
    type Type;
}

impl<T> Nothing for T {
    type Type = ();
}

/// The type `$Refused`, which is an error, and stands for every component of a manifest with mistakes. `$error` is the first of
/// them.
#[doc(hidden)]
#[macro_export]
macro_rules! __refused {
    ($Refused:ident, $REASON:ident, $error:expr) => {
        const $REASON: usize = $error;
        #[allow(dead_code)]
        type $Refused = <[(); $REASON] as $crate::__private::Itself>::Type;
        impl $crate::__private::Wired for $Refused
        where
            for<'a> fn([&'a (); $REASON]): ::core::ops::Fn([&'a (); 1]),
        {
            type Deps = $Refused;
            type Config = $Refused;
        }
        impl $crate::__private::WiredPipe for $Refused
        where
            for<'a> fn([&'a (); $REASON]): ::core::ops::Fn([&'a (); 1]),
        {
            type Params = $Refused;
        }
    };
}

/// Takes all types for which generated code implements a trait: components, or services of an application. Where rustc does not find
/// one of them, the trait lacks an impl for the type that is meant, and this stands for it.
#[doc(hidden)]
#[macro_export]
macro_rules! __checked {
    (components $All:ident: $($Type:ident),+) => {
        type $All = <($($Type,)+) as $crate::__private::Nothing>::Type;
        const _: () = {
            $crate::__checked! { $($Type),+ }
            #[diagnostic::do_not_recommend]
            impl $crate::__private::Wired for Checked
            where
                for<'a> fn([&'a (); NOTHING]): ::core::ops::Fn([&'a (); 1]),
            {
                type Deps = Checked;
                type Config = Checked;
            }
            #[diagnostic::do_not_recommend]
            impl $crate::__private::WiredPipe for Checked
            where
                for<'a> fn([&'a (); NOTHING]): ::core::ops::Fn([&'a (); 1]),
            {
                type Params = Checked;
            }
        };
    };
    (services of $App:ident: $($types:tt)+) => {
        const _: () = {
            $crate::__checked! { $($types)+ }
            #[diagnostic::do_not_recommend]
            impl $crate::ProvidedBy<$App> for Checked
            where
                for<'a> fn([&'a (); NOTHING]): ::core::ops::Fn([&'a (); 1]),
            {
                fn provided_by(_: &$App) -> &::std::sync::Arc<Self> {
                    $crate::__private::not_composed()
                }
            }
        };
    };
    (optional services of $App:ident: $($types:tt)+) => {
        const _: () = {
            $crate::__checked! { $($types)+ }
            #[diagnostic::do_not_recommend]
            impl $crate::OptionallyProvidedBy<$App> for Checked
            where
                for<'a> fn([&'a (); NOTHING]): ::core::ops::Fn([&'a (); 1]),
            {
                fn optionally_provided_by(
                    _: &$App,
                ) -> ::std::option::Option<&::std::sync::Arc<Self>> {
                    ::std::option::Option::None
                }
            }
        };
    };
    (several services of $App:ident: $($types:tt)+) => {
        const _: () = {
            $crate::__checked! { $($types)+ }
            #[diagnostic::do_not_recommend]
            impl $crate::AllProvidedBy<$App> for Checked where
                for<'a> fn([&'a (); NOTHING]): ::core::ops::Fn([&'a (); 1])
            {
            }
            #[diagnostic::do_not_recommend]
            impl $crate::EachProvidedBy<$App> for Checked
            where
                for<'a> fn([&'a (); NOTHING]): ::core::ops::Fn([&'a (); 1]),
            {
                const PROVIDERS: &'static [usize] = &[];
                fn cast(
                    _: usize,
                    _: $crate::__private::Value,
                ) -> ::std::option::Option<::std::sync::Arc<Self>> {
                    ::std::option::Option::None
                }
            }
        };
    };
    ($($Type:ident),+) => {
        /// A type of this crate, as the orphan rule wants it.
        pub struct Local<const NOTHING: usize>;
        type Checked = <Local<NOTHING> as $crate::__private::Itself>::Type;
        const NOTHING: usize = {
            $(let _: ::core::marker::PhantomData<$Type>;)+
            0
        };
    };
}
