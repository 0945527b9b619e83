//! The program of `benches/check_time.sh`: makes packages, and measures what a program does with them.
//!
//! It stands in for cargo and rustc as well, so that what they do themselves is not measured: called with the arguments
//! that treenail calls them with, it hands over what they said when they were asked before.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// The least of so many runs counts.
const RUNS: usize = 7;

/// Of so many plugins one has a mistake, where some have.
const MISTAKEN: usize = 10;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("metadata") if arguments.iter().any(|one| one == "--no-deps") => answer("packages"),
        Some("metadata") => answer("resolved"),
        Some("-vV") => answer("rustc"),
        _ => {
            let counts = arguments[2..]
                .iter()
                .map(|one| one.parse().expect("a number of plugins"));
            table(
                Path::new(&arguments[0]),
                Path::new(&arguments[1]),
                &counts.collect::<Vec<_>>(),
            )
        }
    }
}

/// Hands over what was recorded.
fn answer(name: &str) -> io::Result<()> {
    let folder = PathBuf::from(std::env::var_os("ANSWERS").expect("ANSWERS is set"));
    io::copy(&mut File::open(folder.join(name))?, &mut io::stdout()).map(drop)
}

fn table(check: &Path, work: &Path, counts: &[usize]) -> io::Result<()> {
    println!("plugins   mistakes  |  processor ms   wall ms   peak MB");
    for (count, mistakes) in counts
        .iter()
        .flat_map(|count| [(*count, false), (*count, true)])
    {
        let root = work.join(format!("{count}-{mistakes}"));
        generate(&root, count, mistakes)?;
        record(&root)?;
        let mut used = Used {
            processor: Duration::MAX,
            wall: Duration::MAX,
            memory: u64::MAX,
        };
        for _ in 0..RUNS {
            let now = run(check, &root)?;
            used.processor = used.processor.min(now.processor);
            used.wall = used.wall.min(now.wall);
            used.memory = used.memory.min(now.memory);
        }
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "{count:7}   {:8}  |  {:12.1}  {:8.1}  {:8.1}",
            if mistakes {
                count.div_ceil(MISTAKEN)
            } else {
                0
            },
            ms(used.processor),
            ms(used.wall),
            used.memory as f64 / 1024.0 / 1024.0,
        );
    }
    Ok(())
}

/// What a program used.
struct Used {
    processor: Duration,
    wall: Duration,
    /// Most bytes in memory at once.
    memory: u64,
}

/// Asks cargo and rustc what they will be asked.
fn record(root: &Path) -> io::Result<()> {
    let ask = |program: &str, arguments: &[&str], name: &str| {
        let mut command = Command::new(program);
        let output = command
            .args(arguments)
            .current_dir(root.join("host"))
            .output()?;
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        fs::write(root.join(name), output.stdout)
    };
    ask(
        "cargo",
        &["metadata", "--format-version=1", "--offline"],
        "resolved",
    )?;
    ask(
        "cargo",
        &["metadata", "--format-version=1", "--offline", "--no-deps"],
        "packages",
    )?;
    ask("rustc", &["-vV"], "rustc")
}

fn run(check: &Path, root: &Path) -> io::Result<Used> {
    let itself = std::env::current_exe()?;
    let start = Instant::now();
    let child = Command::new(check)
        .args(["check", "--manifest-path"])
        .arg(root.join("host/Cargo.toml"))
        .envs([("CARGO", &itself), ("RUSTC", &itself)])
        .env("ANSWERS", root)
        .stderr(File::create(root.join("said"))?)
        .stdin(Stdio::null())
        .spawn()?;
    let ended = child.wait4()?;
    let wall = start.elapsed();
    // 1: there are mistakes.
    assert!(
        matches!(ended.status.code(), Some(0 | 1)),
        "{}",
        fs::read_to_string(root.join("said"))?
    );
    Ok(Used {
        processor: ended.rusage.utime + ended.rusage.stime,
        wall,
        memory: ended.rusage.maxrss,
    })
}

/// A host with `count` plugins below `root`, a path package each.
fn generate(root: &Path, count: usize, mistakes: bool) -> io::Result<()> {
    package(&root.join("contract"), "contract", "", None)?;
    let mut host = [String::new(), String::new(), String::new()];
    let mut dependencies = "contract = { path = \"../contract\" }\n".to_owned();
    for number in 0..count {
        let name = format!("p{number}");
        let _ = writeln!(dependencies, "{name} = {{ path = \"../{name}\" }}");
        let mut plugin = Plugin::good(number);
        if mistakes && number % MISTAKEN == 0 {
            plugin.spoil(number, &mut host);
        }
        let metadata = "[package.metadata.treenail]\nmanifest = \"plugins.toml\"\n[dependencies]\ncontract = { path = \"../contract\" }\n";
        package(
            &root.join(&name),
            &name,
            metadata,
            Some(&plugin.text(number)),
        )?;
    }
    let [rules, binds, aliases] = host;
    let host = format!(
        "treenail = 1\n\n[host]\n\n[plugins]\n{rules}\n[bind]\n{binds}\n[alias]\n{aliases}"
    );
    package(
        &root.join("host"),
        "host",
        &format!("[dependencies]\n{dependencies}"),
        Some(&host),
    )
}

fn package(folder: &Path, name: &str, rest: &str, manifest: Option<&str>) -> io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let head =
        format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n{rest}");
    fs::write(folder.join("Cargo.toml"), head)?;
    manifest.map_or(Ok(()), |text| fs::write(folder.join("plugins.toml"), text))
}

/// A plugin with one component.
struct Plugin {
    api: &'static str,
    needs: Vec<String>,
    provides_key: &'static str,
    more: String,
}

impl Plugin {
    /// One with three requirements of earlier ones.
    fn good(number: usize) -> Self {
        let needs = (0..3).filter_map(|field| {
            Some(
                (number * 7 + field * 13 + 1)
                    .checked_rem(number)?
                    .to_string(),
            )
        });
        Self {
            api: "^1.0",
            needs: needs.collect(),
            provides_key: "provides",
            more: String::new(),
        }
    }

    /// One of the mistakes that are looked into the most.
    fn spoil(&mut self, number: usize, [rules, binds, aliases]: &mut [String; 3]) {
        match number / MISTAKEN % 7 {
            0 => self.needs.push(format!("{number}Missing")),
            1 => self.more = format!("before = [\"p{number}x:C{number}\"]\n"),
            2 => self.provides_key = "provide",
            3 => self.api = "^2.0",
            4 => *rules += &format!("p{number}x = \"^1\"\n"),
            5 => *binds += &format!("\"dyn contract::S{number}\" = \"p{number}:C{number}x\"\n"),
            _ => *aliases += &format!("\"x{number}:C\" = \"p{number}x:C\"\n"),
        }
    }

    fn text(&self, number: usize) -> String {
        let Self {
            api,
            needs,
            provides_key,
            more,
        } = self;
        let needs = needs.iter().enumerate();
        let needs: Vec<_> = needs
            .map(|(field, other)| format!("r{field} = \"dyn contract::S{other}\""))
            .collect();
        let needs = needs.join(", ");
        format!(
            "treenail = 1\n\n[plugin]\nid = \"p{number}\"\ndescription = \"Plugin number {number}\"\n\
             api = {{ contract = \"{api}\" }}\n\n[[component]]\ntype = \"crate::C{number}\"\n\
             {provides_key} = [\"dyn contract::S{number}\"]\nrequires = {{ {needs} }}\n{more}"
        )
    }
}
