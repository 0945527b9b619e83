//! Packages on disk, for the command line to look at.

#![allow(dead_code, reason = "not every file of tests needs all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder of packages that is removed in the end: `desk` depends on `mail`.
pub(crate) struct Packages(pub(crate) PathBuf);

impl Packages {
    pub(crate) fn none() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("treenail-cli-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        fs::create_dir_all(&root).expect("created");
        Self(root.canonicalize().expect("its path"))
    }

    pub(crate) fn new(desk: &str, mail: &str) -> Self {
        let packages = Self::none();
        let cargo = |name: &str, rest: &str| {
            format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n{rest}")
        };
        let plugin = "[package.metadata.treenail]\nmanifest = \"plugins.toml\"\n";
        let files = [
            (
                "desk/Cargo.toml",
                cargo("desk", "[dependencies]\nmail = { path = \"../mail\" }\n"),
            ),
            ("desk/src/lib.rs", String::new()),
            ("desk/plugins.toml", desk.to_owned()),
            ("mail/Cargo.toml", cargo("mail", plugin)),
            ("mail/src/lib.rs", String::new()),
            ("mail/plugins.toml", mail.to_owned()),
        ];
        for (path, text) in files {
            packages.write(path, &text);
        }
        packages
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).expect("a text")
    }

    /// Runs it in a folder of these, as `cargo treenail …` does.
    pub(crate) fn run(&self, folder: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-treenail"));
        command.arg("treenail").args(arguments);
        command.current_dir(self.0.join(folder));
        command.output().expect("it runs")
    }
}

impl Drop for Packages {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Downloads all that the lock of this workspace names. A build downloads what its own platform needs; whoever asks Cargo without the
/// network about a package that depends on treenail needs what all platforms do.
pub(crate) fn download() {
    static ONCE: Once = Once::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    ONCE.call_once(|| cargo(here, &["fetch", "--locked", "--quiet"]));
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(program);
    let status = cargo.args(arguments).current_dir(folder).status();
    assert!(status.expect("it runs").success());
}

pub(crate) const HOST: &str = "treenail = 1\n[host]\n";
pub(crate) const MAIL: &str = "treenail = 1\n[plugin]\nid = \"mail\"\n";

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// A virtual workspace of two hosts, `desk` and `kiosk`, of one plugin, `mail`, and of a package without a manifest, `other`.
pub(crate) fn workspace(desk: &str, mail: &str) -> Packages {
    let packages = Packages::new(desk, mail);
    let write = |path: &str, text: String| packages.write(path, &text);
    let members =
        "[workspace]\nresolver = \"3\"\nmembers = [\"desk\", \"kiosk\", \"mail\", \"other\"]\n";
    write("Cargo.toml", members.to_owned());
    let cargo_toml = packages.read("desk/Cargo.toml");
    write("kiosk/Cargo.toml", cargo_toml.replace("desk", "kiosk"));
    write("kiosk/plugins.toml", packages.read("desk/plugins.toml"));
    let (package, _) = cargo_toml.split_once("[dependencies]").expect("a package");
    write("other/Cargo.toml", package.replace("desk", "other"));
    for package in ["kiosk", "other"] {
        write(&format!("{package}/src/lib.rs"), String::new());
    }
    packages
}

/// A host that says nothing of a plugin without components.
pub(crate) const QUIET: &str = "treenail = 1\n[host]\n[lints]\nunused_plugin = \"allow\"\n";

/// They, with a Cargo.lock in this folder.
pub(crate) fn resolved(packages: Packages, folder: &str) -> Packages {
    let folder = packages.0.join(folder);
    cargo(&folder, &["generate-lockfile", "--offline", "--quiet"]);
    packages
}
