//! What does not fit, and the rule by which a version does.

use semver::{Version, VersionReq};

use crate::diagnostic::{Diagnostic, Told};
use crate::layer::PartIx;
use crate::source::Origin;

/// Something that does not fit: the plugin it takes out, by its place in [`Layered::parts`](crate::layer::Layered::parts), and what to say.
pub(super) struct Misfit {
    pub(super) part: PartIx,
    pub(super) diagnostic: Diagnostic,
}

impl Misfit {
    pub(super) fn new(part: PartIx, problem: impl Into<Told>, at: Origin) -> Self {
        let diagnostic = Diagnostic::new(problem, at);
        Self { part, diagnostic }
    }
}

/// Whether a version is one of those meant. `*` means all of them, releases or not.
pub(super) fn fits(wanted: &VersionReq, version: &Version) -> bool {
    *wanted == VersionReq::STAR || wanted.matches(version)
}
