//! What does not fit, and the rule by which a version does.

use semver::{Version, VersionReq};

use crate::diagnostic::{Diagnostic, Told};
use crate::layer::PartIx;
use crate::source::Origin;

/// Something that does not fit: the plugin it takes out, by its place in [`Layered::parts`](crate::layer::Layered::parts), and what to say.
pub(super) struct Incompatible {
    pub(super) part: PartIx,
    /// Further plugins that it takes out.
    pub(super) also: Vec<PartIx>,
    pub(super) diagnostic: Diagnostic,
}

impl Incompatible {
    pub(super) fn new(part: PartIx, problem: impl Into<Told>, at: Origin) -> Self {
        Self::of(part, Diagnostic::new(problem, at))
    }

    pub(super) fn of(part: PartIx, diagnostic: Diagnostic) -> Self {
        Self {
            part,
            also: Vec::new(),
            diagnostic,
        }
    }
}

/// Whether a version is one of those meant. `*` means all of them, releases or not.
pub(super) fn fits(wanted: &VersionReq, version: &Version) -> bool {
    *wanted == VersionReq::STAR || wanted.matches(version)
}

/// Whether a version is not meant for no other reason than that it is a pre-release.
pub(super) fn is_pre_release(wanted: &VersionReq, version: &Version) -> bool {
    let release = Version::new(version.major, version.minor, version.patch);
    !version.pre.is_empty() && wanted.matches(&release)
}
