//! What a build script calls. It never fails on a user's mistake: each becomes one error of rustc, in the generated file.

#![expect(
    clippy::disallowed_methods,
    reason = "Cargo tells a build script what it builds in the environment"
)]

use std::env;
use std::path::{Path, PathBuf};

use crate::diagnostic::Severity;
use crate::files;
use crate::front::composed::Composed;
use crate::front::composer::Composer;
use crate::lock::LockUse;
use crate::report::Message;
use crate::sort::sort_by;

/// Name of the generated file.
const COMPOSED: &str = "treenail.rs";

/// The variable that asks for a composition from the lock alone: `1`; or from Cargo alone: `0`.
const LOCKED: &str = "TREENAIL_LOCKED";

/// So many mistakes are errors at `compose!()` itself, which asks for each by its number. The others are errors in the generated file.
const AT_COMPOSE: usize = 64;

/// Composes the package that is being built: the one line of a build script.
///
/// Writes `treenail.rs` into `OUT_DIR`, where `treenail::compose!()` finds it. A manifest without `[host]` gets the
/// plugin's side alone and starts no Cargo.
///
/// ```no_run
/// // build.rs
/// fn main() {
///     treenail_build::compose();
/// }
/// ```
///
/// # Panics
/// If it is not called from a build script, or `OUT_DIR` cannot be written.
pub fn compose() {
    Composer::build_script().generate();
}

impl Composer {
    /// The composer of a build script: of the package that is being built, with its features and for its target.
    ///
    /// ```no_run
    /// // build.rs, of a program that is always this edition
    /// fn main() {
    ///     treenail_build::Composer::build_script().overlay("premium").generate();
    /// }
    /// ```
    ///
    /// # Panics
    /// If it is not called from a build script.
    #[must_use]
    pub fn build_script() -> Self {
        let package = folder("CARGO_MANIFEST_DIR");
        let composer = Self::new(&package).features(features()).cfg(target());
        let composer = composer.lock_use(lock_use());
        match env::var("TARGET") {
            Ok(target) => composer.target(target),
            Err(_) => composer,
        }
    }

    /// Composes, and writes what [`compose`] does, for a build script.
    ///
    /// # Panics
    /// If it is not called from a build script, or `OUT_DIR` cannot be written.
    pub fn generate(&self) {
        if let Ok(target) = env::var("TARGET") {
            println!("cargo::rustc-env=TREENAIL_TARGET={target}");
        }
        println!(
            "cargo::rustc-env=TREENAIL_FEATURES={}",
            features().collect::<Vec<_>>().join(",")
        );
        println!("cargo::rustc-check-cfg=cfg(treenail_mistake, values(any()))");
        println!("cargo::rerun-if-env-changed={LOCKED}");
        let out = folder("OUT_DIR");
        println!(
            "cargo::rustc-env=TREENAIL_COMPOSED={}",
            out.join(COMPOSED).display()
        );
        write(&self.compose(), &out);
    }
}

/// What the environment says of the lock.
fn lock_use() -> LockUse {
    match env::var(LOCKED).as_deref() {
        Ok("1" | "true") => LockUse::Always,
        Ok("0" | "false") => LockUse::Never,
        _ => LockUse::AsStated,
    }
}

fn folder(variable: &str) -> PathBuf {
    let value = env::var_os(variable);
    PathBuf::from(
        value.unwrap_or_else(|| panic!("{variable} is not set: this belongs into a build script")),
    )
}

fn features() -> impl Iterator<Item = String> {
    let mut names = env::vars_os()
        .filter_map(|(key, _)| {
            key.to_str()?
                .strip_prefix("CARGO_FEATURE_")
                .map(str::to_owned)
        })
        .collect::<Vec<_>>();
    sort_by(&mut names, Ord::cmp);
    names.into_iter()
}

/// What Cargo says about the target, as rustc prints it: `CARGO_CFG_UNIX`, `CARGO_CFG_TARGET_FAMILY=unix`.
fn target() -> impl Iterator<Item = String> {
    env::vars().flat_map(|(key, value)| {
        let name = key.strip_prefix("CARGO_CFG_").map(str::to_lowercase);
        let is_flag = value.is_empty();
        let values = value.split(',').map(str::to_owned).collect::<Vec<_>>();
        name.into_iter().flat_map(move |name| {
            let flag = is_flag.then(|| name.clone());
            let each = values.clone().into_iter();
            let pairs = each.map(move |value| format!("{name}={value:?}"));
            flag.into_iter().chain(pairs)
        })
    })
}

fn write(composed: &Composed, out: &Path) {
    // A file that is not there would make Cargo run the script at every build; a folder does as well until it appears.
    for file in composed
        .files()
        .filter_map(|file| file.ancestors().find(|path| path.exists()))
    {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let is_hidden = composed.has_errors() && !is_brought_in(&folder("CARGO_MANIFEST_DIR"));
    for message in composed.messages() {
        if message.severity == Severity::Warning || is_hidden {
            warn(message);
        }
    }
    if composed.has_errors() {
        // What they came of need not be a file. Cargo takes one that is not there for one that has changed.
        println!("cargo::rerun-if-changed={}", out.join("nothing").display());
    }
    let code = composed.refused(|number, message| {
        let name = format!("mistake-{number}.txt");
        save(&out.join(&name), &message.text);
        if number <= AT_COMPOSE {
            println!("cargo::rustc-cfg=treenail_mistake=\"{number}\"");
        }
        match number {
            1 => Some("__MISTAKE".to_owned()),
            2..=AT_COMPOSE => None,
            _ => Some(format!(
                "::core::compile_error!(::core::include_str!(\"{name}\"))"
            )),
        }
    });
    save(&out.join(COMPOSED), &code);
}

/// Whether the code of a package brings in what is generated for it, and the errors with it. Nobody else would show them.
fn is_brought_in(package: &Path) -> bool {
    let brings = |text: &str| {
        let mut ways = ["compose!", "plugin!", "treenail.rs", "TREENAIL_COMPOSED"].iter();
        ways.any(|way| text.contains(way))
    };
    let sources = package.join("src");
    !sources.is_dir() || files::any_source(&sources, &brings)
}

fn warn(message: &Message) {
    for line in message.text.lines() {
        println!("cargo::warning={line}");
    }
}

fn save(path: &Path, text: &str) {
    if let Err(error) = files::write_if_changed(path, text.as_bytes()) {
        panic!("{error}");
    }
}

#[cfg(test)]
mod tests {
    use super::is_brought_in;
    use crate::files::{Scratch, write_if_changed};

    #[test]
    fn what_no_code_brings_in_is_shown_by_the_build_script() {
        let folder = std::env::temp_dir().join(format!("treenail-shown-{}", std::process::id()));
        let folder = Scratch(folder);
        let write = |file: &str, text: &str| {
            write_if_changed(&folder.0.join(file), text.as_bytes()).expect("written");
        };
        assert!(is_brought_in(&folder.0), "its code lies elsewhere");
        write("src/main.rs", "fn main() {}");
        write("src/notes.txt", "treenail::compose!();");
        assert!(!is_brought_in(&folder.0));
        write("src/app/mod.rs", "treenail::compose!();");
        assert!(is_brought_in(&folder.0));
    }
}
