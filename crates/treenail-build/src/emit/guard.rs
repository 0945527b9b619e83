//! What generated code asserts about where it stands.

use super::chunk::literal;

/// The number of the format of generated code, and who wrote it: what a runtime has to know of it before all else.
pub(super) fn format() -> String {
    format!("format 1; built by \"{}\"", env!("CARGO_PKG_VERSION"))
}

/// What `plugin!()` expands to stands at the root of its crate.
pub(crate) fn at_root(runtime: &str) -> String {
    is_at_root(
        runtime,
        "`treenail::plugin!();` stands in a module: put it at the root of the crate, in src/lib.rs",
    )
}

/// The file is included at the root of its crate.
pub(super) fn included_at_root(runtime: &str, file: &str) -> String {
    let message = format!(
        "{file} is included in a module: include it at the root of the crate, in src/lib.rs"
    );
    is_at_root(runtime, &message)
}

/// A host looks for what is generated at the root.
fn is_at_root(runtime: &str, message: &str) -> String {
    format!(
        "const _: () = {runtime}::__private::assert_at_root(::core::module_path!(), {});\n",
        literal(message)
    )
}

/// A manifest is the one that a file was generated from.
pub(super) fn is_current(runtime: &str, path: &str, digest: &str, file: &str) -> String {
    let message = format!(
        "{} has changed since {file} was generated from it: run `cargo treenail generate`",
        path.trim_start_matches("../"),
    );
    format!(
        "const _: () = {runtime}::__private::assert_digest(::core::include_bytes!({}), {}, {});",
        literal(path),
        literal(digest),
        literal(&message)
    )
}

/// The package has the version that a file was generated for.
pub(super) fn has_version(runtime: &str, version: &str, file: &str) -> String {
    let message = format!(
        "{file} was generated for version {version} of this package: run `cargo treenail generate`"
    );
    format!(
        "const _: () = {runtime}::__private::assert_same(::core::env!(\"CARGO_PKG_VERSION\"), {}, {});",
        literal(version),
        literal(&message)
    )
}
