//! Lines of a Cargo.toml.

use std::path::{Component, Path, PathBuf};

use super::packages::{Home, PackageIx, Universe};

impl Universe {
    /// The line by which one package depends on another that lies in a folder: Cargo finds it by its path alone.
    pub(crate) fn line_by_path(&self, dependent: PackageIx, on: PackageIx) -> Option<String> {
        let (dependent, on) = (&self.packages[dependent], &self.packages[on]);
        let is_at_hand = matches!(on.home, Home::Folder(_));
        let source = source(&dependent.home, &on.home).filter(|_| is_at_hand)?;
        Some(dependency(&on.name, &on.name, "*", Some(&source)))
    }
}

/// A dependency on these versions of a package, under this name; `source` is where it comes from, where that is no registry.
pub(crate) fn dependency(key: &str, package: &str, versions: &str, source: Option<&str>) -> String {
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

/// Where a Cargo.toml in a folder finds a package that is in no registry.
pub(crate) fn source(dependent: &Home, kept: &Home) -> Option<String> {
    match (dependent, kept) {
        (_, Home::Source(source)) => {
            let git = source.strip_prefix("git+")?.split('#').next()?;
            let (url, reference) = git.split_once('?').unwrap_or((git, ""));
            let reference = reference.split_once('=');
            let reference = reference.map(|(kind, name)| format!(", {kind} = {name:?}"));
            Some(format!("git = {url:?}{}", reference.unwrap_or_default()))
        }
        (Home::Folder(base), Home::Folder(folder)) => Some(path(&relative(base, folder))),
        (_, Home::Folder(folder)) => Some(path(folder)),
        (_, Home::Unknown) => None,
    }
}

fn path(folder: &Path) -> String {
    let folder = folder.to_string_lossy().replace('\\', "/");
    format!("path = {folder:?}")
}

/// The way from one folder to another.
fn relative(base: &Path, folder: &Path) -> PathBuf {
    let (base, folder): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (base.components().collect(), folder.components().collect());
    let same = base.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = base[same..].iter().map(|_| Component::ParentDir);
    up.chain(folder[same..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::relative;

    #[test]
    fn the_way_to_a_folder_goes_up_as_far_as_it_has_to() {
        let way = relative(Path::new("/a/b/c"), Path::new("/a/d"));
        assert_eq!(way, Path::new("../../d"));
    }
}
