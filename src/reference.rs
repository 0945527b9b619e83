//! `App::reference()`: the page of the program, from its table, its registries and its schema.

#[cfg(feature = "reference")]
mod told;

#[cfg(feature = "reference")]
use treenail_core::composed::Listed;
#[cfg(feature = "reference")]
use treenail_reference::Reference;

#[cfg(feature = "reference")]
use crate::config::schema;
#[cfg(feature = "reference")]
use crate::container::Table;

/// What an application is made of, and every key of its configuration.
#[cfg(feature = "reference")]
pub fn reference(table: &'static Table, registries: &[Listed]) -> Reference {
    let composition = told::composition(table, registries);
    Reference::new(&composition, Some(&schema(table).to_value()))
}

/// The method that the feature `reference` adds.
#[cfg(feature = "reference")]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_reference {
    ($App:ident, $body:ident) => {
        impl $App {
            /// What the application is made of, and every key that its configuration may have, as Markdown or as HTML:
            /// for the people who run it.
            #[must_use]
            pub fn reference() -> $crate::Reference {
                $crate::$body! {
                    $crate::__private::reference(
                        <$App as $crate::__private::Assembled>::TABLE,
                        &<$App as $crate::__private::Assembled>::registries(),
                    )
                }
            }
        }
    };
}

/// The method that the feature `reference` adds: it is off.
#[cfg(not(feature = "reference"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_reference {
    ($($nothing:tt)*) => {};
}
