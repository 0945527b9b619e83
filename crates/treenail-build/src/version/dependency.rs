//! Lines of a Cargo.toml.

/// A dependency on these versions of a package, under this name; `source` is where it comes from, where that is no registry.
pub(super) fn dependency(key: &str, package: &str, versions: &str, source: Option<&str>) -> String {
    let from = match source {
        Some(source) => source.to_owned(),
        None => format!("version = \"{versions}\""),
    };
    match source {
        None if key == package => format!("{key} = \"{versions}\""),
        Some(_) if key == package => format!("{key} = {{ {from} }}"),
        _ => format!("{key} = {{ package = {package:?}, {from} }}"),
    }
}
