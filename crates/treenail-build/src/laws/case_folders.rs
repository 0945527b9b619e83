//! Cases as folders:
//!
//! - `plugins.toml`: the host's manifest.
//! - `plugins/<package>/plugins.toml`: the manifest of a package; `plugins/<package> <version>/…` where there are two.
//! - `universe.toml`: what Cargo would have resolved.
//!
//! ```toml
//! host = "helpdesk 0.1.0"
//! overlay = "test"                        # the overlay that is asked for, or several: `["a", "b"]`; may be left out
//! target = "x86_64-pc-windows-msvc"       # the target that is composed for; may be left out
//! cfg = ["unix", 'target_os="linux"']     # what is known of the target; may be left out
//! [packages]                              # every package with its dependencies
//! "helpdesk 0.1.0" = ["helpdesk-api", "mail = acme-mail", "clock 2.0.0"]   # a version only where there are several
//! "acme-mail 0.3.0" = ["helpdesk-api"]
//! [features]                              # packages with features that are on; may be left out
//! treenail = ["config", "pipes"]
//! [declared]                              # packages with further features, which are off; may be left out
//! helpdesk = ["premium"]
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::testing::{Case, Package};

/// The folders in a folder, sorted.
pub(super) fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// The case in a folder.
pub(super) fn read(folder: &Path) -> Case {
    let file = folder.join("universe.toml");
    let text = fs::read_to_string(&file).expect("universe.toml");
    let tree = DeTable::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let tree = tree.get_ref();
    let all = |key: &str| strings(tree.get(key));
    let of_package = |table: &str, name: &str| {
        let table = tree.get(table).map(Spanned::get_ref);
        strings(table.and_then(|table| table.get(name)))
    };
    let host = all("host")[0];
    let (mut case, mut others) = (None, Vec::new());
    let packages = tree.get("packages").map(Spanned::get_ref);
    let DeValue::Table(packages) = packages.expect("`packages`") else {
        panic!("`packages` is no table in {}", file.display());
    };
    for named in packages.keys().map(|key| key.get_ref().as_ref()) {
        let (name, version) = named.split_once(' ').expect("a name and a version");
        let mut package = Package::new(name, version)
            .depends_on(of_package("packages", named))
            .features(of_package("features", name))
            .declares(of_package("declared", name));
        let is_host = host == named || host == name;
        let below = [format!("plugins/{named}"), format!("plugins/{name}")];
        let mut folders = below.iter().map(|below| folder.join(below));
        let lies_in = match is_host {
            true => Some(folder.to_owned()),
            false => folders.find(|folder| folder.is_dir()),
        };
        if let Some(folder) = lies_in {
            package = package.manifest(fs::read(folder.join("plugins.toml")).expect("a manifest"));
        }
        match is_host {
            true => case = Some(Case::new(package)),
            false => others.push(package),
        }
    }
    let mut case = case.unwrap_or_else(|| panic!("`{host}` is no package in {}", file.display()));
    case = others.into_iter().fold(case, Case::also);
    case = all("overlay").into_iter().fold(case, Case::overlay);
    if let [target] = all("target")[..] {
        case = case.target(target);
    }
    match tree.get("cfg") {
        Some(_) => case.cfg(all("cfg")),
        None => case,
    }
}

/// A text, or every text of a list; nothing where there is no value.
fn strings<'t>(value: Option<&'t Spanned<DeValue<'_>>>) -> Vec<&'t str> {
    match value.map(Spanned::get_ref) {
        None => Vec::new(),
        Some(DeValue::String(text)) => vec![text],
        Some(DeValue::Array(values)) => {
            let texts = values.iter().map(|value| value.get_ref().as_str());
            texts.map(|text| text.expect("a text")).collect()
        }
        Some(other) => panic!("neither a text nor a list of texts: {other:?}"),
    }
}
