//! A generated program: its package, and pieces of Rust that the programs of all peers have.

use std::fmt::Write;
use std::io;
use std::path::Path;

use crate::graph::needs_of;

/// A program of one peer with services of one number.
#[derive(Default)]
pub(crate) struct Program {
    /// The lines of `[dependencies]`.
    pub(crate) dependencies: String,
    /// The lines of `[build-dependencies]`.
    pub(crate) build_dependencies: String,
    /// `build.rs`.
    pub(crate) build_script: Option<&'static str>,
    /// `plugins.toml`.
    pub(crate) manifest: Option<String>,
    /// `src/main.rs`.
    pub(crate) main: String,
}

impl Program {
    /// Writes the package, with the versions of a lock file.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub(crate) fn write(&self, folder: &Path, name: &str, lock: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder.join("src"))?;
        let cargo = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\n{}\n[build-dependencies]\n{}",
            self.dependencies, self.build_dependencies
        );
        std::fs::write(folder.join("Cargo.toml"), cargo)?;
        std::fs::copy(lock, folder.join("Cargo.lock"))?;
        if let Some(script) = self.build_script {
            std::fs::write(folder.join("build.rs"), script)?;
        }
        if let Some(manifest) = &self.manifest {
            std::fs::write(folder.join("plugins.toml"), manifest)?;
        }
        std::fs::write(folder.join("src/harness.rs"), include_str!("../harness.rs"))?;
        let main = format!("#![allow(dead_code)]\nmod harness;\n\n{}", self.main);
        std::fs::write(folder.join("src/main.rs"), main)
    }
}

/// The trait of service `i`. Its method has a name of its own: of a thousand traits with one method's name, rustc tries each at
/// every call.
pub(crate) fn service(i: usize, bound: &str) -> String {
    format!("pub trait S{i}: {bound} {{\n    fn value{i}(&self) -> u64;\n}}\n")
}

/// The impl of that trait for its component, which has a field `n…` for each need.
pub(crate) fn serves(i: usize, component: &str) -> String {
    let mut sum = format!("{i}_u64");
    for need in needs_of(i) {
        let _ = write!(sum, ".wrapping_add(self.n{need}.value{need}())");
    }
    format!(
        "impl S{i} for {component} {{\n    fn value{i}(&self) -> u64 {{\n        {sum}\n    }}\n}}\n"
    )
}

/// The fields of component `i`, of a type for each need.
pub(crate) fn fields(i: usize, ty: impl Fn(usize) -> String) -> String {
    let needs = needs_of(i).into_iter();
    needs.map(|need| format!("    {}\n", ty(need))).collect()
}

/// `main`, by how the graph is built, stopped and asked. `last` is an expression for the last service of `app`.
pub(crate) fn main(size: usize, app: &str, stop: &str, last: &str) -> String {
    let method = size - 1;
    format!(
        "fn main() {{\n    harness::Graph::<{app}> {{\n        build,\n        stop: {stop},\n        \
         ask: |app| {{\n            std::hint::black_box({last});\n        }},\n        \
         checksum: |app| {last}.value{method}(),\n    }}\n    .run();\n}}\n"
    )
}
