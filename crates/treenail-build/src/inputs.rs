//! What a composition is made from. All of it has been read before the first stage that decides.

use crate::discover::{Discovery, Found};

/// What a composition is made from.
#[derive(Debug)]
pub(crate) struct Inputs {
    /// The composing package with its manifest.
    pub(crate) host: Found,
    /// Packages and plugins around it.
    pub(crate) discovery: Discovery,
    /// The overlays that were asked for.
    pub(crate) overlays: Vec<String>,
    /// The generated code stands in the library of the composing package itself, which is `crate` there.
    pub(crate) inside_library: bool,
    /// Path of the runtime crate in the generated code, where it is not the host's name for it.
    pub(crate) runtime: Option<String>,
}
