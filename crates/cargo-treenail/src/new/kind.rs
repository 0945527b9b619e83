//! What can be made, and what it consists of.

use clap::Args;

/// What is made: one of these.
#[derive(Args)]
#[group(multiple = false)]
pub(super) struct Choice {
    /// Make an application that composes plugins: the default
    #[arg(long)]
    host: bool,
    /// Make a plugin
    #[arg(long)]
    plugin: bool,
    /// Make a contract: a library of traits that plugins share
    #[arg(long)]
    contract: bool,
}

impl Choice {
    pub(super) fn kind(&self) -> &'static Kind {
        match (self.plugin, self.contract) {
            (true, _) => &PLUGIN,
            (_, true) => &CONTRACT,
            _ => &HOST,
        }
    }
}

/// A kind of package.
pub(super) struct Kind {
    /// What it is called.
    pub(super) name: &'static str,
    /// Names that such a package cannot have.
    pub(super) taken: &'static [&'static str],
    /// What `cargo new` calls it.
    pub(super) target: &'static str,
    /// Its files besides Cargo.toml: where they lie, and what stands there.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What its Cargo.toml says of it, before its dependencies.
    pub(super) metadata: &'static str,
    /// What it depends on, by the table of Cargo.toml.
    pub(super) dependencies: &'static [(&'static str, &'static [Dependency])],
    /// The commands that show what it does.
    pub(super) commands: &'static [&'static str],
    /// How it comes together with others.
    pub(super) use_it: &'static str,
}

/// A package that a new one depends on.
pub(super) struct Dependency {
    pub(super) name: &'static str,
    /// Its version, where it is not one of treenail's packages.
    pub(super) version: Option<&'static str>,
    /// What it has to have besides its default features.
    pub(super) features: &'static [&'static str],
    /// The default features of the package that a new one needs.
    pub(super) of_default: &'static [&'static str],
}

const fn treenail(
    features: &'static [&'static str],
    of_default: &'static [&'static str],
) -> Dependency {
    Dependency {
        name: "treenail",
        version: None,
        features,
        of_default,
    }
}

const fn tokio(features: &'static [&'static str]) -> Dependency {
    Dependency {
        name: "tokio",
        version: Some("1"),
        features,
        of_default: &[],
    }
}

const COMPILER: (&str, &[Dependency]) = (
    "build-dependencies",
    &[Dependency {
        name: "treenail-build",
        version: None,
        features: &[],
        of_default: &[],
    }],
);

static HOST: Kind = Kind {
    name: "host",
    taken: &[],
    target: "--bin",
    files: &[
        ("build.rs", include_str!("host/build.rs")),
        ("config.yml", include_str!("host/config.yml")),
        ("plugins.toml", include_str!("host/plugins.toml")),
        ("src/main.rs", include_str!("host/src/main.rs")),
    ],
    metadata: "",
    dependencies: &[
        (
            "dependencies",
            &[
                tokio(&["macros", "rt-multi-thread"]),
                treenail(&[], &["config", "macros", "signals"]),
            ],
        ),
        COMPILER,
    ],
    commands: &["cargo run", "cargo test"],
    use_it: "`cargo treenail add PLUGIN` there brings a plugin",
};

static PLUGIN: Kind = Kind {
    name: "plugin",
    // That of treenail's own.
    taken: &["base"],
    target: "--lib",
    files: &[
        ("build.rs", include_str!("plugin/build.rs")),
        ("plugins.toml", include_str!("plugin/plugins.toml")),
        ("src/lib.rs", include_str!("plugin/src/lib.rs")),
        ("tests/alone.rs", include_str!("plugin/tests/alone.rs")),
        ("tests/alone.toml", include_str!("plugin/tests/alone.toml")),
    ],
    metadata: "[package.metadata.treenail]\nmanifest = \"plugins.toml\"\n\n",
    dependencies: &[
        ("dependencies", &[treenail(&[], &["config"])]),
        COMPILER,
        (
            "dev-dependencies",
            &[
                tokio(&["macros", "rt"]),
                treenail(&["testing"], &["macros"]),
            ],
        ),
    ],
    commands: &["cargo test", "cargo treenail check"],
    use_it: "`cargo treenail add --path FOLDER` in an application brings it there",
};

static CONTRACT: Kind = Kind {
    name: "contract",
    taken: &[],
    target: "--lib",
    files: &[("src/lib.rs", include_str!("contract/src/lib.rs"))],
    metadata: "",
    dependencies: &[("dependencies", &[])],
    commands: &["cargo test", "cargo doc --open"],
    use_it: "`cargo add --path FOLDER` in a plugin or an application lets it name the traits",
};

impl Kind {
    /// A text of a file, for the package of this name.
    pub(super) fn text(text: &str, name: &str) -> String {
        text.replace("example-name", name)
            .replace("example_name", &name.replace('-', "_"))
    }

    /// The packages that it depends on.
    pub(super) fn all_dependencies(&self) -> impl Iterator<Item = &'static Dependency> {
        self.dependencies.iter().flat_map(|(_, all)| *all)
    }
}
