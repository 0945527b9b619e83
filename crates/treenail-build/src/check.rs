//! Checks of the whole: what no other stage needs to know.

pub(crate) mod assert;
pub(crate) mod lint;
pub(crate) mod own_package;
pub(crate) mod runtime_feature;
pub(crate) mod unused;
