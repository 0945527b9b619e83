//! Mistakes about `plugins.lock`: TN06. What mends nearly all of them is to write it anew.

use super::Mistake;
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, all_of};

/// The command that writes a lock.
const WRITE: &str = "write it anew: `cargo treenail lock`";

/// TN0601: a composition from the lock alone, and there is none. At: nowhere.
pub(crate) struct NoLock {
    /// Where it would be.
    pub(crate) file: String,
}

impl Mistake for NoLock {
    const CODE: Code = Code::TN0601;

    fn words(&self) -> Words {
        let file = &self.file;
        Words::new(
            format!("there is no `{file}`, from which alone this is to be composed"),
            "",
        )
        .note("this is asked for by TREENAIL_LOCKED in the environment, or by `locked` in `[host]`")
        .help("write it, and commit it: `cargo treenail lock`")
    }
}

/// TN0602, and TN0603: a lock that cannot be used. At: the place in it, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LockFault {
    /// Both sides of a merge.
    Conflict {
        /// First byte of the mark.
        start: usize,
    },
    /// It is not what was written: cut off, or changed by hand.
    Damaged,
    /// A later format.
    Newer {
        /// Its number.
        format: i64,
    },
}

/// TN0602: a lock that is not as it was written. At: the line of a conflict.
pub(crate) struct LockDamaged {
    /// It has both sides of a merge.
    pub(crate) conflict: bool,
}

impl Mistake for LockDamaged {
    const CODE: Code = Code::TN0602;

    fn words(&self) -> Words {
        match self.conflict {
            true => Words::new("`plugins.lock` has both sides of a merge", "starts here")
                .help("resolve Cargo.toml, Cargo.lock and plugins.toml, then write it anew: `cargo treenail lock`"),
            false => Words::new("`plugins.lock` is not as it was written: it is cut off, or changed by hand", "")
                .help(WRITE),
        }
    }
}

/// TN0603: a lock of a later format. At: nowhere.
pub(crate) struct LockNewer {
    /// The number of the format.
    pub(crate) format: i64,
}

impl Mistake for LockNewer {
    const CODE: Code = Code::TN0603;

    fn words(&self) -> Words {
        let format = self.format;
        Words::new(
            format!("`plugins.lock` has format {format}, which treenail-build {} does not know", env!("CARGO_PKG_VERSION")),
            "",
        )
        .help("`cargo update -p treenail-build`, or write it with the `cargo treenail` of this version: `cargo treenail lock`")
    }
}

/// TN0604: a lock of another package. At: nowhere.
pub(crate) struct LockOfAnother {
    /// The package that it is of.
    pub(crate) locked: String,
    /// The package that is composed.
    pub(crate) package: String,
}

impl Mistake for LockOfAnother {
    const CODE: Code = Code::TN0604;

    fn words(&self) -> Words {
        let Self { locked, package } = self;
        Words::new(
            format!("`plugins.lock` is of package `{locked}`, and not of `{package}`"),
            "",
        )
        .help(WRITE)
    }
}

/// TN0605: a lock that says of the package what is not so any more. At: nowhere.
pub(crate) struct LockStale {
    /// What is not so, one at least.
    pub(crate) facts: Vec<StaleFact>,
}

/// What is another than a lock says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StaleFact {
    /// The manifest of the host, at this path.
    OwnManifest(String),
    /// The manifest of a package.
    Manifest {
        /// The package.
        package: String,
        /// The file, from the root of the workspace.
        path: String,
    },
    /// A dependency that the lock does not know.
    Added(String),
    /// A dependency that is none any more.
    Removed(String),
    /// What a Cargo.toml says of features, or of a dependency's: that of the host, or of this package.
    CargoToml(Option<String>),
    /// The version that a package says of itself.
    Version {
        /// The package.
        package: String,
        /// What it was.
        locked: String,
        /// What it is.
        now: String,
    },
    /// The versions of a package in the Cargo.lock.
    Versions {
        /// The package.
        package: String,
        /// Those that were there.
        locked: Vec<String>,
        /// Those that are.
        now: Vec<String>,
    },
}

impl StaleFact {
    /// Whether it is a dependency that Cargo.toml has, or has no more.
    pub(crate) fn is_of_cargo_toml(&self) -> bool {
        matches!(self, Self::Added(_) | Self::Removed(_))
    }

    fn words(&self) -> String {
        match self {
            Self::OwnManifest(path) => format!("`{path}` has changed since"),
            Self::Manifest { package, path } => {
                format!("the manifest of package `{package}` has changed since, {path}")
            }
            Self::Added(key) => format!("Cargo.toml has a new dependency `{key}`"),
            Self::Removed(key) => format!("Cargo.toml has no dependency `{key}` any more"),
            Self::CargoToml(package) => {
                let whose = package
                    .as_ref()
                    .map(|package| format!(" of package `{package}`"));
                format!(
                    "Cargo.toml{} says something else of features, or of the features of a dependency",
                    whose.unwrap_or_default()
                )
            }
            Self::Version {
                package,
                locked,
                now,
            } => {
                format!("package `{package}` was {locked}, and is {now}")
            }
            Self::Versions {
                package,
                locked,
                now,
            } => {
                let versions = |all: &[String]| match all {
                    [] => "not there".to_owned(),
                    all => all.join(" and "),
                };
                let (locked, now) = (versions(locked), versions(now));
                format!("package `{package}` was {locked}, and is {now} in Cargo.lock")
            }
        }
    }
}

impl Mistake for LockStale {
    const CODE: Code = Code::TN0605;

    fn words(&self) -> Words {
        let mut facts = self.facts.iter().map(StaleFact::words);
        let first = facts.next().unwrap_or_default();
        let words = Words::new(format!("`plugins.lock` is behind: {first}"), "");
        facts.fold(words, Words::note).help(WRITE)
    }
}

/// TN0606: a build that a lock does not know. At: nowhere.
pub(crate) struct LockUncovered {
    /// The features that are on, those that others bring along left out.
    pub(crate) features: Vec<String>,
    /// The target.
    pub(crate) target: String,
    /// The targets that it knows, if not this one.
    pub(crate) targets: Option<Vec<String>>,
}

impl Mistake for LockUncovered {
    const CODE: Code = Code::TN0606;

    fn words(&self) -> Words {
        let Self {
            features,
            target,
            targets,
        } = self;
        let quoted = |names: &[String]| {
            let names = names.iter().map(|name| format!("{name:?}"));
            names.collect::<Vec<_>>().join(", ")
        };
        if let Some(targets) = targets {
            let mut all = targets.clone();
            all.push(target.clone());
            return Words::new(
                format!(
                    "`plugins.lock` knows nothing of the target `{target}`, only of {}",
                    all_of(targets)
                ),
                "",
            )
            .help(format!(
                "write `targets = [{}]` in `[lock]` of plugins.toml, then `cargo treenail lock`",
                quoted(&all)
            ));
        }
        let of = match &features[..] {
            [] => "a build without features".to_owned(),
            [one] => format!("a build with the feature `{one}`"),
            all => format!("a build with the features {}", all_of(all)),
        };
        Words::new(format!("`plugins.lock` knows nothing of {of}"), "")
            .note(
                "it knows builds with default features, without any, with all, and with each alone",
            )
            .help(format!(
                "write `features = [[{}]]` in `[lock]` of plugins.toml, then `cargo treenail lock`",
                quoted(features)
            ))
    }
}

/// TN0607: a manifest that a lock knows by its digest alone, and that is not there. At: nowhere.
pub(crate) struct LockNeedsFile {
    /// Its package.
    pub(crate) package: String,
    /// The file, from the root of the workspace.
    pub(crate) path: String,
}

impl Mistake for LockNeedsFile {
    const CODE: Code = Code::TN0607;

    fn words(&self) -> Words {
        let Self { package, path } = self;
        Words::new(
            format!(
                "the manifest of package `{package}` is neither in `plugins.lock` nor at {path}"
            ),
            "",
        )
        .note("of the members of a workspace a lock has the digests of manifests, and no more")
        .help("write it with their texts: `cargo treenail lock --hermetic`")
    }
}

/// TN0608, a warning: a lock that would compose something else. At: nowhere.
pub(crate) struct LockBehind {
    /// It cannot even be read.
    pub(crate) unreadable: bool,
}

impl Mistake for LockBehind {
    const CODE: Code = Code::TN0608;

    fn words(&self) -> Words {
        let title = match self.unreadable {
            true => {
                "`plugins.lock` cannot be used, and was not: this is composed of what Cargo says"
            }
            false => "`plugins.lock` is behind: this is composed of what Cargo says",
        };
        Words::new(title, "").help(WRITE)
    }
}

/// TN0609, a warning: a composition from the lock, because Cargo has no answer. At: nowhere.
pub(crate) struct WithoutCargo {
    /// What Cargo says.
    pub(crate) words: String,
}

impl Mistake for WithoutCargo {
    const CODE: Code = Code::TN0609;

    fn words(&self) -> Words {
        let words = Words::new(
            "this is composed from `plugins.lock`: Cargo does not say which packages there are",
            "",
        )
        .help("set TREENAIL_LOCKED=1 where this is meant");
        match self.words.trim() {
            "" => words,
            said => words.note(format!("cargo says:\n{said}")),
        }
    }
}
