//! The whole comparison: every measurement of every peer, row by row.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::arguments::Arguments;
use crate::graph::checksum;
use crate::measure::{BUILD, Bench, CHECK, CLEAN, INCREMENTAL, Missing, RELEASE, Spent, Way};
use crate::peers::{Kind, Peer};
use crate::table::{Cell, Row, head};

/// How many services the programs have that are run.
const RUN: usize = 20;

/// A comparison under way.
pub(crate) struct Comparison<'a> {
    arguments: &'a Arguments,
    bench: Bench,
    /// The folder of the packages that are committed beside this one.
    committed: PathBuf,
}

impl<'a> Comparison<'a> {
    /// Measures everything, and prints each row as soon as it is there. `false` if rustc's time grows faster than the number of
    /// services that treenail composes.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub(crate) fn run(arguments: &'a Arguments) -> io::Result<bool> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let temporary = std::env::temp_dir().join(format!("compare-{}", std::process::id()));
        let folder = arguments.keep.clone().unwrap_or(temporary);
        fs::create_dir_all(&folder)?;
        let bench = Bench {
            folder: folder.canonicalize()?,
            limit: arguments.limit,
            runs: arguments.runs,
        };
        let committed = own.parent().unwrap_or(own).to_owned();
        let comparison = Self {
            arguments,
            bench,
            committed,
        };
        let result = comparison.table();
        if arguments.keep.is_none() {
            fs::remove_dir_all(&comparison.bench.folder)?;
        }
        result
    }

    fn table(&self) -> io::Result<bool> {
        let columns = self.columns();
        println!("{}\n", self.versions()?.join(", "));
        println!("{}", head(&columns));
        let print = |row: &Row| println!("{}", row.print(&columns));
        self.clean()?.iter().for_each(print);
        self.running()?.iter().for_each(print);
        let mut builds = Vec::new();
        for size in &self.arguments.sizes {
            let rows = self.compiled(*size)?;
            rows.iter().for_each(print);
            let treenail = columns.iter().position(|column| *column == "treenail");
            let build = treenail.and_then(|at| rows.first()?.cells[at].as_ref().ok().copied());
            builds.extend(build.map(|seconds| (*size as f64, seconds)));
        }
        Ok(is_linear(&builds))
    }

    fn columns(&self) -> Vec<&'static str> {
        self.arguments.peers.iter().map(|peer| peer.name).collect()
    }

    /// The versions of the peers, as the lock file has them.
    fn versions(&self) -> io::Result<Vec<String>> {
        let lock = fs::read_to_string(self.lock())?;
        let packages = self.arguments.peers.iter().filter_map(|peer| peer.package);
        let versions = packages.filter_map(|package| {
            let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
            Some(format!("{package} {}", after.split('"').next()?))
        });
        Ok(versions.collect())
    }

    fn lock(&self) -> PathBuf {
        self.committed.join("Cargo.lock")
    }

    /// Writes the program of a peer; nothing, where it builds no graph of that size.
    fn program(&self, peer: &Peer, size: usize) -> io::Result<Option<PathBuf>> {
        let repository = self.committed.join("../..").canonicalize()?;
        let program = match peer.kind {
            Kind::Graph(program) => program(size, &repository),
            Kind::Smallest(program) if size == 1 => program(),
            Kind::Smallest(_) | Kind::Committed(_) => return Ok(None),
        };
        let name = format!("{}_{size}", peer.name.replace(' ', "_"));
        let folder = self.bench.folder.join(&name);
        program.write(&folder, &name, &self.lock())?;
        Ok(Some(folder))
    }

    /// A clean build of the smallest program, with everything that it depends on.
    fn clean(&self) -> io::Result<Vec<Row>> {
        let (mut user, mut wall, mut crates) = (Vec::new(), Vec::new(), Vec::new());
        for peer in &self.arguments.peers {
            let (folder, package) = match (&peer.kind, self.program(peer, 1)?) {
                (Kind::Committed(package), _) => (self.committed.clone(), vec!["-p", *package]),
                (_, Some(folder)) => (folder, Vec::new()),
                (_, None) => continue,
            };
            let spent = self.clean_build(&folder, &package)?;
            user.push(spent.clone().map(|spent| spent.user));
            wall.push(spent.map(|spent| spent.wall));
            crates.push(self.crates(&folder, &package)?);
        }
        let row = |name: &str, unit, cells| Row {
            name: format!("smallest program, clean build: {name}"),
            unit,
            base: "shaku",
            cells,
        };
        Ok(vec![
            row("user seconds", "s", user),
            row("wall time, 2 jobs", "s", wall),
            row("crates", "", crates),
        ])
    }

    fn clean_build(&self, folder: &Path, package: &[&str]) -> io::Result<Result<Spent, Missing>> {
        let fetched = Command::new(env!("CARGO"))
            .args(["fetch", "--quiet"])
            .current_dir(folder)
            .status()?;
        if !fetched.success() {
            return Ok(Err(Missing::Refused("cargo fetch failed".to_owned())));
        }
        let mut least: Option<Spent> = None;
        for _ in 0..self.arguments.runs {
            let target = self.bench.folder.join("clean");
            if target.exists() {
                fs::remove_dir_all(target)?;
            }
            let mut build = self.bench.cargo(folder, CLEAN);
            match self.bench.run(build.args(package)) {
                Ok(spent) if least.is_some_and(|least| least.user <= spent.user) => {}
                Ok(spent) => least = Some(spent),
                Err(missing) => return Ok(Err(missing)),
            }
        }
        Ok(least.ok_or(Missing::NotDone))
    }

    /// How many crates are compiled, the program itself excluded.
    fn crates(&self, folder: &Path, package: &[&str]) -> io::Result<Cell> {
        let tree = Way {
            arguments: &[
                "tree",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ],
            ..CLEAN
        };
        let tree = self.bench.cargo(folder, tree).args(package).output()?;
        let tree = String::from_utf8_lossy(&tree.stdout).replace(" (*)", "");
        let crates: std::collections::BTreeSet<&str> =
            tree.lines().filter(|line| !line.is_empty()).collect();
        Ok(Ok(crates.len().saturating_sub(1) as f64))
    }

    /// What the programs take when they run.
    fn running(&self) -> io::Result<Vec<Row>> {
        let mut rows = [
            "ask for a service",
            "make the services",
            "make, start, stop",
        ]
        .map(|name| Row {
            name: format!("{name}, N = {RUN}"),
            unit: "ns",
            base: "hand",
            cells: Vec::new(),
        });
        for peer in &self.arguments.peers {
            let cells = match self.program(peer, RUN)? {
                None => vec![Err(Missing::NotDone); 3],
                Some(folder) => self.run_program(peer, &folder)?,
            };
            rows.iter_mut()
                .zip(cells)
                .for_each(|(row, cell)| row.cells.push(cell));
        }
        rows[2].base = "treenail";
        Ok(rows.into())
    }

    fn run_program(&self, peer: &Peer, folder: &Path) -> io::Result<Vec<Cell>> {
        if let Err(missing) = self.bench.prepare(folder, RELEASE) {
            return Ok(vec![Err(missing); 3]);
        }
        let program = self.binary(folder, "release");
        if !self.has_built_the_graph(&program, RUN)? {
            return Ok(vec![
                Err(Missing::Refused(format!(
                    "{} builds another graph",
                    peer.name
                )));
                3
            ]);
        }
        let said = Command::new(&program).arg("time").output()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let numbers = said
            .split_whitespace()
            .filter_map(|number| number.parse::<f64>().ok());
        Ok(numbers
            .map(|number| {
                if number.is_nan() {
                    Err(Missing::NotDone)
                } else {
                    Ok(number)
                }
            })
            .collect())
    }

    fn binary(&self, folder: &Path, profile: &str) -> PathBuf {
        let target = if profile == "release" {
            "release"
        } else {
            "dev"
        };
        self.bench
            .folder
            .join(target)
            .join(profile)
            .join(folder.file_name().unwrap_or_default())
    }

    fn has_built_the_graph(&self, program: &Path, size: usize) -> io::Result<bool> {
        let said = Command::new(program).output()?;
        Ok(String::from_utf8_lossy(&said.stdout).trim() == checksum(size).to_string())
    }

    /// What programs of one size take to compile, and how large they become.
    fn compiled(&self, size: usize) -> io::Result<Vec<Row>> {
        let units = ["s", "s", "s", "MB", "MB"];
        let names = [
            "build",
            "check",
            "build after a touch, incremental",
            "program, dev",
            "program, release",
        ];
        let mut rows: Vec<Row> = names
            .iter()
            .zip(units)
            .map(|(name, unit)| Row {
                name: format!("{name}, N = {size}"),
                unit,
                base: "hand",
                cells: Vec::new(),
            })
            .collect();
        for peer in &self.arguments.peers {
            let cells = match self.program(peer, size)? {
                None => vec![Err(Missing::NotDone); names.len()],
                Some(folder) => self.compile(peer, &folder, size)?,
            };
            rows.iter_mut()
                .zip(cells)
                .for_each(|(row, cell)| row.cells.push(cell));
        }
        Ok(rows)
    }

    fn compile(&self, peer: &Peer, folder: &Path, size: usize) -> io::Result<Vec<Cell>> {
        let bench = &self.bench;
        if let Some(smallest) = self.program(peer, 1)? {
            let ways = [BUILD, CHECK, INCREMENTAL, RELEASE].into_iter();
            let prepared: Result<Vec<()>, Missing> =
                ways.map(|way| bench.prepare(&smallest, way)).collect();
            if let Err(missing) = prepared {
                return Ok(vec![Err(missing); 5]);
            }
        }
        let user = |way| Ok(bench.after_a_touch(folder, way)?.user);
        let build = user(BUILD);
        if build.is_err() {
            return Ok(vec![build; 5]);
        }
        let program = self.binary(folder, "debug");
        if !self.has_built_the_graph(&program, size)? {
            let other = Missing::Refused("it builds another graph".to_owned());
            return Ok(vec![Err(other); 5]);
        }
        let megabytes = |program: &Path| fs::metadata(program).map(|it| it.len() as f64 / 1e6);
        let dev = Ok(megabytes(&program)?);
        let release = match bench.run(&mut bench.cargo(folder, RELEASE)) {
            Ok(_) => Ok(megabytes(&self.binary(folder, "release"))?),
            Err(missing) => Err(missing),
        };
        Ok(vec![build, user(CHECK), user(INCREMENTAL), dev, release])
    }
}

/// Whether one more service costs at the end of the series at most half as much again as at its beginning.
fn is_linear(builds: &[(f64, f64)]) -> bool {
    let ([.., before, last], [first, second, ..]) = (builds, builds) else {
        return true;
    };
    if builds.len() < 3 {
        return true;
    }
    let slope = |from: &(f64, f64), to: &(f64, f64)| (to.1 - from.1) / (to.0 - from.0);
    slope(before, last) <= 1.5 * slope(first, second)
}
