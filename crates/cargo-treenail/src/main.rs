//! `cargo treenail`: looks at a composition from the command line, with the compiler that build scripts use.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use treenail_build::{Composed, Composer, GraphFormat};

/// Look at the plugin composition of a package.
#[derive(Parser)]
#[command(name = "cargo treenail", bin_name = "cargo treenail", version, about)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Say everything that is wrong with a composition, without building anything
    Check(Package),
    /// Print a composition as a graph
    Graph {
        #[command(flatten)]
        package: Package,
        /// Language of the graph
        #[arg(long, value_enum, default_value_t = Format::Dot)]
        format: Format,
    },
    /// Explain a code of a message, such as TN0203, with an example
    Explain {
        /// The code
        #[arg(value_name = "CODE")]
        code: String,
    },
}

#[derive(Args)]
struct Package {
    /// Cargo.toml of the composing package
    #[arg(long, value_name = "PATH", default_value = "Cargo.toml")]
    manifest_path: PathBuf,
    /// Apply this overlay
    #[arg(long, value_name = "NAME")]
    overlay: Option<String>,
    /// Features of the package to switch on, separated by commas or spaces
    #[arg(long, short = 'F', value_delimiter = ',', value_name = "FEATURES")]
    features: Vec<String>,
    /// Switch all features of the package on
    #[arg(long)]
    all_features: bool,
    /// Do not switch the `default` feature of the package on
    #[arg(long)]
    no_default_features: bool,
    /// Compose for this target triple instead of this machine's
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Dot,
    Mermaid,
}

impl Package {
    fn compose(self) -> io::Result<Composed> {
        let path = std::path::absolute(&self.manifest_path)?;
        if !path.is_file() || path.file_name().is_none_or(|name| name != "Cargo.toml") {
            let path = self.manifest_path.display();
            return Err(io::Error::other(format!(
                "`{path}` is not the Cargo.toml of a package: name it with `--manifest-path`"
            )));
        }
        let mut composer = Composer::new(path.parent().map_or_else(PathBuf::new, PathBuf::from));
        let features = self.features(&composer.declared_features())?;
        // Named as Cargo names them to a build script.
        composer = composer.features(
            features
                .iter()
                .map(|name| name.to_uppercase().replace('-', "_")),
        );
        if let Some(overlay) = self.overlay {
            composer = composer.overlay(overlay);
        }
        if let Some(target) = self.target {
            composer = composer.target(target);
        }
        Ok(composer.compose())
    }

    /// The features to switch on, of those that the package has.
    fn features(&self, declared: &BTreeSet<String>) -> io::Result<BTreeSet<String>> {
        if self.all_features {
            return Ok(declared.clone());
        }
        let asked_for = self
            .features
            .iter()
            .flat_map(|names| names.split_whitespace())
            .map(str::to_owned);
        let mut on: BTreeSet<String> = asked_for.collect();
        if let Some(unknown) = on.difference(declared).next() {
            let known = declared
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>();
            let known = if known.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", known.join(", "))
            };
            return Err(io::Error::other(format!(
                "the package has no feature `{unknown}`: {known}"
            )));
        }
        on.extend(
            declared
                .get("default")
                .filter(|_| !self.no_default_features)
                .cloned(),
        );
        Ok(on)
    }
}

fn main() -> ExitCode {
    // Cargo passes the name of the subcommand along.
    let arguments = std::env::args_os()
        .enumerate()
        .filter(|(at, text)| *at != 1 || text != "treenail")
        .map(|(_, text)| text);
    match run(Command::parse_from(arguments)) {
        Ok(code) => code,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> io::Result<ExitCode> {
    match command.action {
        Action::Check(package) => {
            let composed = package.compose()?;
            let code = report(&composed)?;
            if code == ExitCode::SUCCESS {
                let told = match composed.digest() {
                    Some(digest) => format!(
                        "composed {} from {}, composition {digest}",
                        count(composed.components().count(), "component"),
                        count(composed.plugins().count(), "plugin")
                    ),
                    None => {
                        "the manifest is fine: a plugin alone, for others to compose".to_owned()
                    }
                };
                writeln!(io::stderr(), "{told}")?;
            }
            Ok(code)
        }
        Action::Graph { package, format } => {
            let composed = package.compose()?;
            let code = report(&composed)?;
            let format = match format {
                Format::Dot => GraphFormat::Dot,
                Format::Mermaid => GraphFormat::Mermaid,
            };
            match composed.graph(format) {
                Some(graph) => io::stdout().write_all(graph.as_bytes())?,
                None if code == ExitCode::SUCCESS => {
                    writeln!(
                        io::stderr(),
                        "a plugin alone has no graph: this manifest has no [host]"
                    )?;
                }
                None => {}
            }
            Ok(code)
        }
        Action::Explain { code } => explain(&code),
    }
}

fn explain(code: &str) -> io::Result<ExitCode> {
    let Some(page) = treenail_build::explain(code) else {
        let codes: Vec<&str> = treenail_build::codes().collect();
        return Err(io::Error::other(format!(
            "there is no code `{code}`; the codes are {}",
            codes.join(", ")
        )));
    };
    io::stdout().write_all(page.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn report(composed: &Composed) -> io::Result<ExitCode> {
    let mut errors = io::stderr().lock();
    let colour =
        errors.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = composed.report(colour);
    if !text.is_empty() {
        writeln!(errors, "{text}\n")?;
    }
    let first = composed.messages().iter();
    if let Some(first) = first.min_by_key(|message| message.severity) {
        let code = first.code;
        writeln!(
            errors,
            "For more about a message, try `cargo treenail explain {code}`."
        )?;
    }
    Ok(if composed.has_errors() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
