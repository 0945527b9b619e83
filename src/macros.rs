//! The macros that bring generated code into a crate.

/// Brings in what the build script generated: `App`, and the inputs of the crate's own components.
///
/// With a file, `compose!("composition.toml")` or `compose!("plugins.toml", overlay = "test")` runs the same compiler in
/// place, without a build script: for tests, examples and documentation. The path is relative to the calling source
/// file, as with [`include_str!`]. This form needs the feature `macros`.
///
/// A crate has one composition with components of its own: a type is wired once. A second one belongs into a test of its own, and
/// a program tests itself under an overlay with `#[cfg(not(test))]` before the one and `#[cfg(test)]` before the other.
#[macro_export]
macro_rules! compose {
    () => {
        $crate::__mistakes! {
            "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15" "16"
            "17" "18" "19" "20" "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31" "32"
            "33" "34" "35" "36" "37" "38" "39" "40" "41" "42" "43" "44" "45" "46" "47" "48"
            "49" "50" "51" "52" "53" "54" "55" "56" "57" "58" "59" "60" "61" "62" "63" "64"
        }
        // Where nothing is generated, this `App` keeps the sentence below the only error; else the generated one hides it.
        #[allow(unused_imports)]
        use $crate::__private::absent::*;
        // Not by `OUT_DIR`: what an earlier build script has left there is of no composition any more.
        include!(env!(
            "TREENAIL_COMPOSED",
            "`compose!()` brings in what a build script generates, and this package has none that does: \
             add treenail-build to its [build-dependencies], and a build.rs next to its Cargo.toml \
             with `fn main() { treenail_build::compose() }`"
        ));
    };
    ($($composition:tt)+) => {
        $crate::__private::compose! { $crate ; $($composition)+ }
    };
}

/// The mistakes that the build script has found: each is an error here, where the composition is asked for. The generated file takes
/// the first for a value. A macro cannot count them, so the build script says of each number whether there is such a mistake.
#[doc(hidden)]
#[macro_export]
macro_rules! __mistakes {
    ($first:literal $($other:literal)*) => {
        #[cfg(treenail_mistake = $first)]
        const __MISTAKE: usize = ::core::compile_error!(::core::include_str!(
            ::core::concat!(::core::env!("OUT_DIR"), "/mistake-", $first, ".txt")
        ));
        $(
            #[cfg(treenail_mistake = $other)]
            ::core::compile_error!(::core::include_str!(
                ::core::concat!(::core::env!("OUT_DIR"), "/mistake-", $other, ".txt")
            ));
        )*
    };
}

/// Generates the typed inputs of every component that the crate's `plugins.toml` declares: one `…Deps` struct each.
///
/// Put it once, at the root of a plugin's `lib.rs`.
#[cfg(feature = "macros")]
#[macro_export]
macro_rules! plugin {
    () => {
        $crate::__plugin! {}
    };
}

/// Generates the module `registries` of a library: the entries that its own `plugins.toml` names, without a host and without a build
/// script.
///
/// Each line is there under the features and on the platforms that bring its dependency, as the package's `Cargo.toml` has it; a
/// message about a key that is not there names the feature. `registries::get` hands the entries out. Entries that need services
/// are left out: only an application has them.
///
/// ```ignore
/// treenail::registries!();
///
/// pub fn open(uri: &str) -> Result<Store, Error> {
///     let (scheme, _) = uri.split_once("://").unwrap_or((uri, ""));
///     registries::get::<Stores>().get(scheme)?(uri)
/// }
/// ```
///
/// Put it once, at the root of a library's `lib.rs`.
#[cfg(feature = "macros")]
#[macro_export]
macro_rules! registries {
    () => {
        $crate::__private::library! { $crate ; }
    };
}

/// Tells the compiler which features of the runtime are on.
#[cfg(all(feature = "macros", feature = "pipes"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __plugin {
    () => {
        $crate::__private::plugin! { $crate ; config pipes }
    };
}

/// Tells the compiler which features of the runtime are on.
#[cfg(all(feature = "macros", feature = "config", not(feature = "pipes")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __plugin {
    () => {
        $crate::__private::plugin! { $crate ; config }
    };
}

/// Tells the compiler which features of the runtime are on.
#[cfg(all(feature = "macros", not(feature = "config")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __plugin {
    () => {
        $crate::__private::plugin! { $crate ; }
    };
}

/// What generated code stands in: refuses, in one sentence, what a newer or older compiler wrote. Code that is committed says besides
/// what the rest of its crate finds in its place then, and which feature of the runtime it needs.
#[doc(hidden)]
#[macro_export]
macro_rules! __generated {
    (
        format 1; built by $build:literal;
        in place of [$($Stub:ident)?] [$($Deps:ident)*]; needs [$($feature:ident)?]; $($item:tt)*
    ) => {
        $crate::__needing! { [$($feature)?] [[$($Stub)?] [$($Deps)*]] $($item)* }
    };
    (format 1; built by $build:literal; $($item:tt)*) => {
        $($item)*
    };
    (
        format $format:literal; built by $build:literal;
        in place of [$($Stub:ident)?] [$($Deps:ident)*]; $($rest:tt)*
    ) => {
        $crate::__instead! {
            $crate::__foreign! { $build }, [$($Stub)?] [$($Deps)*]
        }
    };
    (format $format:literal; built by $build:literal; $($rest:tt)*) => {
        $crate::__foreign! { $build }
    };
}

/// The error in place of generated code of a format that this runtime does not know.
#[doc(hidden)]
#[macro_export]
macro_rules! __foreign {
    ($build:literal) => {
        ::core::compile_error! { ::core::concat!(
            "this code was generated by treenail-build ", $build, ", which treenail ", "0.1.0",
            " does not understand: use the same version of both",
        ) }
    };
}

/// Generated code for a runtime with a feature; this one has all that there are.
#[cfg(feature = "pipes")]
#[doc(hidden)]
#[macro_export]
macro_rules! __needing {
    ([$(config)? $(pipes)?] $instead:tt $($item:tt)*) => {
        $($item)*
    };
    ([$feature:ident] $instead:tt $($item:tt)*) => {
        $crate::__lacking! { $feature $instead }
    };
}

/// Generated code for a runtime with a feature; this one lacks `pipes`.
#[cfg(all(feature = "config", not(feature = "pipes")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needing {
    ([$(config)?] $instead:tt $($item:tt)*) => {
        $($item)*
    };
    ([$feature:ident] $instead:tt $($item:tt)*) => {
        $crate::__lacking! { $feature $instead }
    };
}

/// Generated code for a runtime with a feature; this one has none.
#[cfg(all(feature = "lifecycle", not(feature = "config")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needing {
    ([] $instead:tt $($item:tt)*) => {
        $($item)*
    };
    ([$feature:ident] $instead:tt $($item:tt)*) => {
        $crate::__lacking! { $feature $instead }
    };
}

/// Generated code for a runtime with a feature; without a lifecycle, what needs one is dropped.
#[cfg(not(feature = "lifecycle"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needing {
    ([$($feature:ident)?] $instead:tt $($item:tt)*) => {
        $($item)*
    };
}

/// Generated code that an editor alone is shown, where a manifest has mistakes: what could be read of it, so that the rest of the crate
/// keeps its types while somebody writes. rust-analyzer sets this `cfg` in all crates.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __in_editor {
    ($($item:tt)*) => {
        $($item)*
    };
}

/// To rustc there is nothing of what an editor alone is shown.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __in_editor {
    ($($item:tt)*) => {};
}

/// An editor is not shown what keeps a mistake the only error.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __not_in_editor {
    ($($item:tt)*) => {};
}

/// Generated code that rustc alone is shown, where a manifest has mistakes.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __not_in_editor {
    ($($item:tt)*) => {
        $($item)*
    };
}

/// In place of generated code, where the runtime lacks a feature.
#[doc(hidden)]
#[macro_export]
macro_rules! __lacking {
    ($feature:tt [$Stub:tt $Deps:tt]) => {
        $crate::__instead! {
            ::core::compile_error!(::core::concat!(
                "this generated code needs the feature `", ::core::stringify!($feature), "` of treenail: \
                 add it in Cargo.toml: `treenail = { …, features = [\"", ::core::stringify!($feature), "\"] }`",
            )),
            $Stub $Deps
        }
    };
}

/// In place of generated code: an error, and what keeps it the only one.
#[doc(hidden)]
#[macro_export]
macro_rules! __instead {
    ($error:expr, [$($Stub:ident)?] [$($Deps:ident)*]) => {
        $crate::__refused! { __Refused, __REASON, $error }
        $(
            #[allow(dead_code, missing_docs, unreachable_pub, non_camel_case_types)]
            pub type $Deps = __Refused;
        )*
        $crate::__stand_in! { $($Stub)? }
    };
}

/// What stands in for generated code, besides the inputs of the crate's own components.
#[doc(hidden)]
#[macro_export]
macro_rules! __stand_in {
    () => {};
    (registries) => {
        $crate::__registries! { __not_composed [AnyRegistry] }
    };
    ($App:ident) => {
        $crate::__stub! { $App }
    };
}

/// Generated code that belongs to an application: its components, what is made of them, `App`.
#[cfg(feature = "lifecycle")]
#[doc(hidden)]
#[macro_export]
macro_rules! __lifecycle {
    ($($item:tt)*) => {
        $($item)*
    };
}

/// Without a lifecycle nothing is there that belongs to an application.
#[cfg(not(feature = "lifecycle"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __lifecycle {
    ($($item:tt)*) => {};
}

/// With a lifecycle, nothing is there that stands in for what belongs to an application.
#[cfg(feature = "lifecycle")]
#[doc(hidden)]
#[macro_export]
macro_rules! __without_lifecycle {
    ($($item:tt)*) => {};
}

/// Generated code in the place of what belongs to an application.
#[cfg(not(feature = "lifecycle"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __without_lifecycle {
    ($($item:tt)*) => {
        $($item)*
    };
}

/// With a lifecycle there is an `App`.
#[cfg(feature = "lifecycle")]
#[doc(hidden)]
#[macro_export]
macro_rules! __no_app {
    ($App:ident) => {};
}

/// An `App` that cannot be started, and says why.
#[cfg(not(feature = "lifecycle"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __no_app {
    ($App:ident) => {
        /// Nothing: treenail is built without its feature `lifecycle`.
        #[derive(Debug)]
        #[allow(dead_code, unreachable_pub)]
        pub enum $App {}

        #[allow(dead_code, unreachable_pub, clippy::missing_errors_doc)]
        impl $App {
            /// Needs the feature `lifecycle`.
            pub fn start<S>(
                _: S,
            ) -> ::core::future::Ready<
                ::core::result::Result<
                    <Self as $crate::__private::HasLifecycle<'static>>::App,
                    ::std::string::String,
                >,
            >
            where
                for<'a> Self: $crate::__private::HasLifecycle<'a>,
            {
                $crate::__private::not_composed()
            }

            /// Needs the feature `lifecycle`.
            pub fn launch<S>(
                _: S,
            ) -> ::core::future::Ready<::core::result::Result<(), ::std::string::String>>
            where
                for<'a> Self: $crate::__private::HasLifecycle<'a>,
            {
                $crate::__private::not_composed()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_in_the_handshake_is_this_crates() {
        let source = include_str!("macros.rs");
        let quoted = format!("which treenail \", \"{}\"", env!("CARGO_PKG_VERSION"));
        assert!(
            source.contains(&quoted),
            "write {} into __generated!",
            env!("CARGO_PKG_VERSION")
        );
    }
}
