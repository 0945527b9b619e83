//! A copy of the workspace beside this package, which checks may change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of this package.
pub const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// Copies the workspace, and has the code generated that a plugin of it has among its sources.
pub fn copied() -> PathBuf {
    // As deep as the workspace itself, because that leads to treenail by relative paths.
    let copy = Path::new(HERE).join("copy");
    let _ = fs::remove_dir_all(&copy);
    copy_folder(&Path::new(HERE).join("workspace"), &copy);
    fs::write(copy.join("clerk/src/treenail.rs"), "").expect("written");
    generate(&copy);
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy_folder(&path, &copy),
            false => drop(fs::copy(&path, &copy).expect("copied")),
        }
    }
}

/// Has the code of the plugin `clerk` generated.
pub fn generate(copy: &Path) {
    let mut command = Command::new(tools().join("cargo-treenail"));
    command.args(["treenail", "generate"]);
    let written = command
        .current_dir(copy.join("clerk"))
        .output()
        .expect("cargo treenail");
    assert!(
        written.status.success(),
        "{}",
        String::from_utf8_lossy(&written.stderr)
    );
}

/// Builds `cargo treenail`; where it is.
pub fn tools() -> PathBuf {
    let root = Path::new(HERE).join("../..");
    let mut command = Command::new("cargo");
    let command = command.args(["build", "--quiet", "--locked", "-p", "cargo-treenail"]);
    let built = command
        .current_dir(&root)
        .env_remove("CARGO_TARGET_DIR")
        .status();
    assert!(
        built.is_ok_and(|status| status.success()),
        "cargo treenail is not built"
    );
    root.join("target/debug")
}
