//! The packages of a case, written to disk as a programmer would have them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::code;

/// A package of a case.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// What it calls each of its dependencies: extern name, and number of the package.
    pub(crate) externs: BTreeMap<String, usize>,
    /// Features, and whether they are on.
    pub(crate) features: BTreeMap<String, bool>,
    /// Bytes of its manifest.
    pub(crate) manifest: Option<Vec<u8>>,
}

impl Package {
    /// Text of its manifest; none if it has none.
    pub(crate) fn text(&self) -> String {
        let bytes = self.manifest.as_deref().unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// All packages of a case.
pub(crate) struct Packages {
    host: usize,
    pub(crate) all: Vec<Package>,
    runtime: usize,
    pub(crate) runtime_features: Vec<String>,
    /// The overlays that the build script asks for.
    pub(crate) overlays: Vec<String>,
}

/// The build script of every case's host. It differs in no case, because to Cargo the hosts of all cases are one package.
const BUILD_SCRIPT: &[u8] = br#"fn main() {
    let overlays = std::fs::read_to_string("overlays.txt").expect("names");
    let composer = treenail_build::Composer::build_script();
    overlays.lines().fold(composer, |composer, name| composer.overlay(name)).generate();
}
"#;

type Lists = BTreeMap<String, Vec<String>>;

#[derive(serde::Deserialize)]
struct Universe {
    host: String,
    #[serde(default)]
    overlay: Overlays,
    target: Option<String>,
    cfg: Option<Vec<String>>,
    packages: Lists,
    #[serde(default)]
    features: Lists,
    #[serde(default)]
    declared: Lists,
}

/// One, or several.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Overlays {
    One(String),
    Several(Vec<String>),
}

impl Default for Overlays {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Packages {
    /// Reads a case. `None` where a build cannot be asked for it: a target that only a test names, another version of the
    /// runtime, types with arguments, traits of the runtime.
    pub(crate) fn read(case: &Path) -> Option<Self> {
        let text = fs::read_to_string(case.join("universe.toml")).expect("a universe");
        let universe: Universe = toml::from_str(&text).expect("a universe");
        let special = universe.target.is_some() || universe.cfg.is_some();
        let names: Vec<(&str, &str)> = universe
            .packages
            .keys()
            .map(|named| named.split_once(' ').expect("a name and a version"))
            .collect();
        let runtimes = names.iter().filter(|(name, _)| *name == "treenail").count();
        if special || runtimes != 1 {
            return None;
        }
        let number = |spec: &str| {
            let (name, version) = spec
                .split_once(' ')
                .map_or((spec, None), |(name, version)| (name, Some(version)));
            names.iter().position(|known| {
                known.0 == name && version.is_none_or(|version| version == known.1)
            })
        };
        let host = number(&universe.host).expect("a host");
        let runtime = number("treenail").expect("the runtime");
        let mut all = Vec::new();
        for (here, ((name, version), dependencies)) in
            names.iter().zip(universe.packages.values()).enumerate()
        {
            let externs = dependencies.iter().map(|spec| {
                let (rename, package) = spec
                    .split_once('=')
                    .map_or((None, spec.as_str()), |(rename, package)| {
                        (Some(rename.trim()), package.trim())
                    });
                let called = rename.unwrap_or_else(|| package.split(' ').next().expect("a name"));
                (
                    called.replace('-', "_"),
                    number(package).expect("a package"),
                )
            });
            let folders = [
                format!("plugins/{name}"),
                format!("plugins/{name} {version}"),
            ];
            let folders = if here == host {
                vec![String::new()]
            } else {
                folders.to_vec()
            };
            let manifest = folders
                .iter()
                .find_map(|folder| fs::read(case.join(folder).join("plugins.toml")).ok());
            let listed = |lists: &Lists, on: bool| {
                let list = lists.get(*name).cloned().unwrap_or_default();
                list.into_iter()
                    .map(move |feature| (feature, on))
                    .collect::<Vec<_>>()
            };
            all.push(Package {
                name: (*name).to_owned(),
                version: (*version).to_owned(),
                externs: externs.collect(),
                features: [
                    listed(&universe.declared, false),
                    listed(&universe.features, true),
                ]
                .concat()
                .into_iter()
                .collect(),
                manifest,
            });
        }
        let texts = all.iter().filter(|package| package.manifest.is_some());
        let texts = texts.map(Package::text);
        if !texts.clone().all(|text| is_plain(&text)) {
            return None;
        }
        let runtime_features = universe
            .features
            .get("treenail")
            .cloned()
            .unwrap_or_default();
        let packages = Self {
            host,
            all,
            runtime,
            runtime_features,
            overlays: match universe.overlay {
                Overlays::One(name) => vec![name],
                Overlays::Several(names) => names,
            },
        };
        code::is_possible(&packages).then_some(packages)
    }

    /// A case of one manifest: of the host, or of a plugin with a host around it. `None` where types have arguments, or Rust
    /// cannot have them.
    pub(crate) fn of_manifest(bytes: Vec<u8>) -> Option<Self> {
        let package = |name: &str, manifest| Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            externs: BTreeMap::from([("treenail".to_owned(), 0)]),
            features: BTreeMap::new(),
            manifest,
        };
        let runtime = package("treenail", None);
        let mut case = package("mail", Some(bytes));
        if !is_plain(&case.text()) {
            return None;
        }
        let is_host = case.text().contains("[host]");
        let mut contracts = BTreeSet::new();
        for path in code::strings(&case) {
            let path = path.strip_prefix("dyn ").unwrap_or(&path);
            let root = path.split("::").next().unwrap_or(path);
            if !matches!(root, "crate" | "std" | "treenail") {
                contracts.insert(root.to_owned());
            }
        }
        let mut all = vec![runtime];
        for name in contracts {
            case.externs.insert(name.clone(), all.len());
            all.push(package(&name, None));
        }
        if !is_host {
            let mut host = package("desk", Some(b"treenail = 1\n[host]\n".to_vec()));
            host.externs.extend(case.externs.clone());
            host.externs.insert("mail".to_owned(), all.len());
            all.push(case);
            all.push(host);
        } else {
            all.push(case);
        }
        let packages = Self {
            host: all.len() - 1,
            all,
            runtime: 0,
            runtime_features: vec!["config".to_owned(), "pipes".to_owned()],
            overlays: Vec::new(),
        };
        code::is_possible(&packages).then_some(packages)
    }

    /// Writes them, and says where the host is.
    pub(crate) fn write(&self, case: &str) -> PathBuf {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("packages")
            .join(case);
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let workspace = workspace.canonicalize().expect("the workspace");
        for (number, package) in self
            .all
            .iter()
            .enumerate()
            .filter(|(number, _)| *number != self.runtime)
        {
            let folder = root.join(folder(package));
            let write = |path: &str, text: &[u8]| {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                // Cargo looks at the time of the last change.
                if fs::read(&path).ok().as_deref() != Some(text) {
                    fs::write(path, text).expect("written");
                }
            };
            write("Cargo.toml", self.cargo_toml(number, &workspace).as_bytes());
            write("src/lib.rs", code::library(self, number).as_bytes());
            if let Some(manifest) = &package.manifest {
                write("plugins.toml", manifest);
            }
            if number == self.host {
                write("build.rs", BUILD_SCRIPT);
                write("overlays.txt", self.overlays.join("\n").as_bytes());
                let lock = fs::read(workspace.join("Cargo.lock")).expect("a lock file");
                if !folder.join("Cargo.lock").exists() {
                    write("Cargo.lock", &lock);
                }
            }
        }
        root.join(folder(&self.all[self.host]))
    }

    fn cargo_toml(&self, number: usize, workspace: &Path) -> String {
        let package = &self.all[number];
        let Package { name, version, .. } = package;
        let mut text = format!(
            "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n[workspace]\n"
        );
        if package.manifest.is_some() && number != self.host {
            text += "[package.metadata.treenail]\nmanifest = \"plugins.toml\"\n";
        }
        text += "[features]\n";
        let on = package
            .features
            .iter()
            .filter(|(_, on)| **on)
            .map(|(name, _)| name);
        let _ = writeln!(
            text,
            "default = {:?}",
            on.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        );
        for name in package.features.keys() {
            let _ = writeln!(text, "{name} = []");
        }
        text += "[dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\nschemars = \"1\"\n";
        let _ = writeln!(
            text,
            "treenail-core = {{ path = {:?} }}",
            workspace.join("crates/treenail-core")
        );
        for (called, target) in &package.externs {
            let other = &self.all[*target];
            if *target == self.runtime {
                let features = [
                    vec!["lifecycle".to_owned(), "macros".to_owned()],
                    self.runtime_features.clone(),
                ]
                .concat();
                let _ = writeln!(
                    text,
                    "{called} = {{ package = \"treenail\", path = {workspace:?}, default-features = false, features = {features:?} }}"
                );
            } else {
                let _ = writeln!(
                    text,
                    "{called} = {{ package = {:?}, path = {:?} }}",
                    other.name,
                    format!("../{}", folder(other))
                );
            }
        }
        if number == self.host {
            let _ = writeln!(
                text,
                "[build-dependencies]\ntreenail-build = {{ path = {:?} }}",
                workspace.join("crates/treenail-build")
            );
        }
        text
    }
}

/// A package's name, what its Cargo.toml says after the version, and its files: each its path and its text.
pub(crate) type Member<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// Writes a workspace of these packages.
pub(crate) fn workspace(name: &str, packages: &[Member<'_>]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("workspaces")
        .join(name);
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = project.canonicalize().expect("the workspace");
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::write(path, text).expect("written");
        }
    };
    let members = packages
        .iter()
        .map(|(package, ..)| *package)
        .collect::<Vec<_>>();
    write(
        root.join("Cargo.toml"),
        &format!(
            "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n[workspace.dependencies]\n\
             treenail = {{ path = {project:?} }}\n\
             treenail-build = {{ path = {:?} }}\n",
            project.join("crates/treenail-build")
        ),
    );
    if !root.join("Cargo.lock").exists() {
        let lock = fs::read_to_string(project.join("Cargo.lock")).expect("a lock file");
        write(root.join("Cargo.lock"), &lock);
    }
    for (package, rest, files) in packages {
        let head =
            format!("[package]\nname = {package:?}\nversion = \"1.0.0\"\nedition = \"2024\"\n");
        write(root.join(package).join("Cargo.toml"), &(head + rest));
        for (path, text) in *files {
            write(root.join(package).join(path), text);
        }
    }
    root
}

/// Whether the types of a manifest have no arguments, and no traits are those of others.
fn is_plain(text: &str) -> bool {
    let versions = ["\">=", ", <"];
    let text = versions
        .iter()
        .fold(text.to_owned(), |text, sign| text.replace(sign, ""));
    let foreign = ["<", "dyn treenail::Template", "dyn std::"];
    foreign.iter().all(|word| !text.contains(word))
}

fn folder(package: &Package) -> String {
    format!("{}-{}", package.name, package.version)
}
