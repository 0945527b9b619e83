//! Checks one manifest alone: no packages, no composition.

use crate::bind;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::Role;
use crate::manifest;
use crate::report::{self, Message};
use crate::source::Sources;

/// Every mistake that a manifest shows by itself, in words: for editors, tests and fuzzing.
///
/// `name` is what the messages call the file.
///
/// ```
/// let messages = treenail_build::check_manifest("plugins.toml", b"treenail = 1\n[hots]\n");
/// assert!(messages[0].text.starts_with("unknown key `hots` in the manifest [TN0002]"));
/// ```
pub fn check_manifest(name: &str, bytes: &[u8]) -> Vec<Message> {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let manifest = manifest::read_bytes(name, bytes, &mut sources, &mut problems);
    manifest.report_blank(Role::Either, &mut problems);
    bind::check_aliases_alone(&manifest, &mut problems);
    bind::check_entries_alone(&manifest, &mut problems);
    report::messages(&problems, &sources)
}

/// The JSON Schema of `plugins.toml`, for language servers.
#[must_use]
pub fn manifest_schema() -> String {
    format!("{:#}\n", manifest::schema())
}
