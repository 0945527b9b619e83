//! `cargo treenail new`

mod kind;
mod source;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use treenail_build::check_manifest;

use crate::before::Before;
use crate::cargo::asked;
use crate::metadata::ask;
use crate::output::note;
use crate::selection::{plain, shown};
use kind::{Choice, Kind};
use source::Source;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder of the package, which has the package's name and is not there yet
    #[arg(value_name = "PATH")]
    folder: PathBuf,
    #[command(flatten)]
    choice: Choice,
    /// A checkout of treenail that the package depends on, in the place of what its workspace says, of the checkout that this program was built from, or of the published version
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
}

/// Names of libraries that every program is built with: another one of the name would hide it, or could not be told from it.
const TAKEN: [&str; 9] = [
    "alloc",
    "core",
    "proc-macro",
    "std",
    "tokio",
    "treenail",
    "treenail-build",
    "treenail-core",
    "treenail-macros",
];

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let kind = arguments.choice.kind();
    let folder = plain(&std::path::absolute(&arguments.folder)?);
    let name = name(&folder, kind)?;
    let checkout = arguments.path.as_ref().map(|path| {
        let path = plain(&std::path::absolute(path)?);
        Source::checkout(path)
    });
    let checkout = checkout.transpose()?;
    let before = Before::of_new(&folder);
    before.unless_done(make(kind, &folder, &name, checkout))?;
    tell(kind, &folder, &name)?;
    Ok(ExitCode::SUCCESS)
}

/// The name of a package in a folder that is not there yet, if nothing else has it.
fn name(folder: &Path, kind: &Kind) -> io::Result<String> {
    let refused = |why: String| Err(io::Error::other(format!("{why}; choose another name")));
    let Some(name) = folder.file_name().and_then(|name| name.to_str()) else {
        return refused(format!("`{}` ends with no name", folder.display()));
    };
    if folder.symlink_metadata().is_ok() {
        return refused(format!("`{}` is there already", folder.display()));
    }
    if TAKEN.iter().chain(kind.taken).any(|one| *one == name) {
        return refused(format!("Rust or treenail has a `{name}` already"));
    }
    Ok(name.to_owned())
}

/// Refuses a name that Cargo takes and a manifest does not.
fn check_name(kind: &Kind, name: &str) -> io::Result<()> {
    let manifest = kind.files.iter().find(|(file, _)| *file == "plugins.toml");
    let manifest = manifest.map(|(file, text)| (file, Kind::text(text, name)));
    let mistakes = manifest.map(|(file, text)| check_manifest(file, text.as_bytes()));
    let Some(mistake) = mistakes.unwrap_or_default().into_iter().next() else {
        return Ok(());
    };
    let labels = mistake.spans.iter().map(|span| format!(": {}", span.label));
    let (title, labels) = (mistake.title, labels.collect::<String>());
    Err(io::Error::other(format!(
        "{title}{labels}; choose another name"
    )))
}

/// Lets Cargo make the package, and writes what makes it one of this kind.
fn make(kind: &Kind, folder: &Path, name: &str, checkout: Option<Source>) -> io::Result<()> {
    cargo_new(kind, folder)?;
    check_name(kind, name)?;
    let source = match checkout {
        Some(checkout) => checkout,
        None => Source::of_workspace(folder, kind)?,
    };
    let cargo_toml = folder.join("Cargo.toml");
    let text = fs::read_to_string(&cargo_toml)?;
    let ours = format!("{}{}", kind.metadata, source.tables(kind, folder));
    // Cargo may have put other tables behind it, such as those that say what is the workspace's.
    let text = text.replacen("[dependencies]\n", &ours, 1);
    fs::write(cargo_toml, text)?;
    for (file, text) in kind.files {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, Kind::text(text, name))?;
    }
    // A workspace above may not want it, or may not have what it refers to.
    ask(folder, &[], &["--no-deps"]).map_err(|error| {
        let folder = folder.display();
        io::Error::other(format!("a package in `{folder}` would not build: {error}"))
    })?;
    Ok(())
}

/// What `cargo new` does: the name, the folder, its place in a workspace, and Git.
fn cargo_new(kind: &Kind, folder: &Path) -> io::Result<()> {
    let mut there = folder.ancestors().filter(|folder| folder.is_dir());
    let from = there.next().unwrap_or(Path::new("."));
    let question = ["new".as_ref(), kind.target.as_ref(), folder.as_os_str()];
    asked(from, question)
        .map(drop)
        .map_err(|error| match error.kind() {
            io::ErrorKind::Other => {
                let folder = folder.display();
                io::Error::other(format!(
                    "no package can be made in `{folder}`: {error}; choose another folder or name"
                ))
            }
            _ => error,
        })
}

/// Says what is there now, and what comes next.
fn tell(kind: &Kind, folder: &Path, name: &str) -> io::Result<()> {
    let files: Vec<&str> = kind.files.iter().map(|(file, _)| *file).collect();
    let commands: Vec<String> = kind.commands.iter().map(|one| format!("`{one}`")).collect();
    let (what, shown) = (kind.name, shown(folder)?);
    note(format_args!(
        "package `{name}` is a {what}: Cargo.toml, {}\nnext: `cd {shown}`, {}; {}",
        files.join(", "),
        commands.join(", "),
        kind.use_it
    ))
}
