//! The package of an edition: what `[distribution]` of a plugins.toml comes to, on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::mistake::{CargoFailed, MissingKey};
use crate::diagnostic::{Code, Diagnostics};
use crate::discover::{self, members};
use crate::emit::distribution as emit;
use crate::files::{self, Replacement};
use crate::front::committed::difference;
use crate::front::composed::Composed;
use crate::front::composer::{Composer, Reading};
use crate::model::{DistributionSection, Manifest, RuntimeLines};
use crate::source::{Origin, Sources};

/// The manifest of an edition.
const MANIFEST: &str = "plugins.toml";

/// What its package is made of.
const FILES: [&str; 3] = ["Cargo.toml", "build.rs", "src/main.rs"];

/// The package of an edition, as it should be now.
#[derive(Debug)]
#[non_exhaustive]
pub struct Distribution {
    /// What came of reading the manifest, with its mistakes.
    pub composed: Composed,
    /// The files of the package, Cargo.toml first; none with mistakes.
    pub files: Vec<DistributionFile>,
    edition: Option<Edition>,
    /// What has been written already.
    written: Replacement,
}

/// What the files are made of.
#[derive(Debug)]
struct Edition {
    composer: Composer,
    manifest: Manifest,
    section: DistributionSection,
    lines: RuntimeLines,
}

/// A file of an edition's package.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DistributionFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What is to stand in it.
    pub text: String,
}

impl DistributionFile {
    /// How the file differs from its text, in lines; `None` where it does not.
    #[must_use]
    pub fn difference(&self) -> Option<String> {
        match files::read(&self.path) {
            Ok(found) => difference(&String::from_utf8_lossy(&found), &self.text),
            Err(_) => Some("it is not there".to_owned()),
        }
    }

    fn is_there(&self) -> bool {
        files::read(&self.path).is_ok()
    }

    /// Whether a line of the text is not in the file.
    fn is_behind(&self) -> bool {
        let found = files::read(&self.path).unwrap_or_default();
        let found = String::from_utf8_lossy(&found);
        let found: BTreeSet<&str> = found.lines().collect();
        self.text.lines().any(|line| !found.contains(line))
    }
}

/// The files of an edition, written, which are as they were before once this is dropped, unless it is kept.
#[derive(Debug)]
#[must_use = "what is dropped is undone"]
pub struct WrittenDistribution(Replacement);

impl WrittenDistribution {
    /// Leaves the files as they are written.
    pub fn keep(self) {
        self.0.keep();
    }
}

/// Whether a file is there that is somebody's own: it does not begin with a line that says what it is made of.
fn is_foreign(path: &Path) -> bool {
    files::read(path).is_ok_and(|bytes| {
        let text = String::from_utf8_lossy(&bytes);
        let first = text.lines().next();
        !first.is_some_and(|first| first.contains(emit::MARK))
    })
}

impl Composer {
    /// Files in the place of those of an edition's package that somebody wrote: they are not to be written over.
    #[must_use]
    pub fn foreign_files(&self) -> Vec<PathBuf> {
        let all = FILES.iter().map(|file| self.package.join(file));
        all.filter(|file| is_foreign(file)).collect()
    }

    /// The package that `[distribution]` in the plugins.toml of this folder asks for. Nothing is written.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        let mut reading = self.reading();
        let asked = self.asked(&mut reading);
        let missing = FILES.map(|file| DistributionFile {
            path: self.package.join(file),
            text: String::new(),
        });
        let missing = missing.into_iter().filter(|file| !file.is_there());
        let missing: Vec<DistributionFile> = missing.collect();
        if asked.is_some() && !missing.is_empty() {
            // A workspace that has the package among its members is not known to Cargo.
            return Distribution::of(reading.nothing(), missing, None);
        }
        let lines = asked.as_ref().and_then(|(manifest, section)| {
            discover::runtime_lines(&self.request(manifest), section, &mut reading.problems)
        });
        self.made(asked, lines, reading)
    }

    /// The package that `[distribution]` in the plugins.toml of this folder asks for, to be written. Where Cargo does not know the
    /// workspace without the package, something stands in for that, and is gone once the distribution is dropped.
    #[must_use]
    pub fn new_distribution(&self) -> Distribution {
        let mut reading = self.reading();
        let asked = self.asked(&mut reading);
        let mut written = Replacement::default();
        let lines = asked.as_ref().and_then(|(manifest, section)| {
            let (request, mut problems) = (self.request(manifest), Diagnostics::default());
            let mut lines = discover::runtime_lines(&request, section, &mut problems);
            let file = self.package.join(FILES[0]);
            let is_inside = workspace_around(&self.package).is_some() && !is_foreign(&file);
            if problems.has(Code::TN0101) && is_inside {
                let stand_in = emit::stand_in(section);
                if written.put(&file, stand_in.as_bytes()).is_ok() {
                    problems = Diagnostics::default();
                    lines = discover::runtime_lines(&request, section, &mut problems);
                }
            }
            reading.problems.take_in(&problems);
            lines
        });
        Distribution {
            written,
            ..self.made(asked, lines, reading)
        }
    }

    fn made(
        &self,
        asked: Option<(Manifest, DistributionSection)>,
        lines: Option<RuntimeLines>,
        mut reading: Reading,
    ) -> Distribution {
        let Some(((manifest, section), lines)) = asked.zip(lines) else {
            return Distribution::of(reading.nothing(), Vec::new(), None);
        };
        let edition = Edition {
            composer: self.clone(),
            manifest,
            section,
            lines,
        };
        let mut files = edition.files();
        // What Cargo says of the package as it lies there, where it does.
        if files.iter().all(DistributionFile::is_there) && !is_foreign(&files[0].path) {
            match edition.settled(&self.clone().read_only().offline()) {
                Ok(cargo_toml) => files[0].text = cargo_toml,
                // What the manifest says now, Cargo does not know yet.
                Err(_) if files[0].is_behind() => {}
                Err(failed) => {
                    let at = edition.section.meant(&failed.words);
                    reading.problems.report(failed.of_edition(true), at);
                    files.clear();
                }
            }
        }
        Distribution::of(reading.nothing(), files, Some(edition))
    }

    /// What the manifest says; `None` with mistakes, which are reported.
    fn asked(&self, reading: &mut Reading) -> Option<(Manifest, DistributionSection)> {
        let file = self.package.join(MANIFEST);
        let own = self.clone().manifest(&file);
        let (_, bytes) = own.read(reading, || self.role())?;
        let manifest = reading.manifest(MANIFEST, &bytes);
        if reading.problems.has_errors() {
            return None;
        }
        let section = manifest.distribution.clone();
        if section.is_none() {
            let line = "[distribution]".to_owned();
            let problem = MissingKey {
                keys: vec![("distribution".to_owned(), line)],
                table: "the manifest".to_owned(),
            };
            let start = Origin::new(manifest.source, 0..0);
            reading.problems.report(problem, start);
        }
        Some((manifest, section?))
    }
}

impl Edition {
    /// The files, without what only Cargo knows.
    fn files(&self) -> Vec<DistributionFile> {
        let cargo_toml = emit::cargo_toml(&self.section, &self.lines, &BTreeMap::new());
        let files = [
            cargo_toml,
            emit::build_script(),
            emit::program(&self.section),
        ];
        let files = FILES.iter().zip(files);
        let files = files.map(|(path, text)| DistributionFile {
            path: self.composer.package.join(path),
            text,
        });
        files.collect()
    }

    /// The text of the Cargo.toml, with what Cargo says of the package as it lies there: what the host and the plugins share, and
    /// whether the workspace around has it among its members.
    fn settled(&self, composer: &Composer) -> Result<String, CargoFailed> {
        let request = composer.request(&self.manifest);
        let answer = composer.answer_to(&request)?;
        let (mut sources, mut ignored) = (Sources::default(), Diagnostics::default());
        let found = discover::found_in(&answer, &request, &mut sources, &mut ignored);
        let contracts =
            found.map(|found| discover::contracts(&answer, &found, &request, &self.section));
        let mut text = emit::cargo_toml(&self.section, &self.lines, &contracts.unwrap_or_default());
        if !self.is_member() {
            text.push_str(emit::OWN_WORKSPACE);
        }
        Ok(text)
    }

    /// Whether the package, as it lies there, needs no workspace of its own.
    fn is_member(&self) -> bool {
        let folder = &self.composer.package;
        let Some(around) = workspace_around(folder) else {
            return true;
        };
        let members = members(&around, &self.composer.cargo_config).unwrap_or_default();
        members.iter().any(|member| member.folder == *folder)
    }
}

impl Distribution {
    fn of(composed: Composed, files: Vec<DistributionFile>, edition: Option<Edition>) -> Self {
        Self {
            composed,
            files,
            edition,
            written: Replacement::default(),
        }
    }

    /// Writes the files, all or none. What Cargo does not know before they are there it is asked about then.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&mut self) -> io::Result<WrittenDistribution> {
        let failed = |error: files::FileError| io::Error::other(error.to_string());
        let mut written = std::mem::take(&mut self.written);
        let is_current = self.files.iter().all(|file| file.difference().is_none());
        if let Some(edition) = self.edition.as_ref().filter(|_| !is_current) {
            self.files = edition.files();
            self.put(&mut written).map_err(failed)?;
            if !edition.is_member() {
                self.files[0].text.push_str(emit::OWN_WORKSPACE);
                self.put(&mut written).map_err(failed)?;
            }
            if let Ok(cargo_toml) = edition.settled(&edition.composer) {
                self.files[0].text = cargo_toml;
            }
        }
        self.put(&mut written).map_err(failed)?;
        Ok(WrittenDistribution(written))
    }

    fn put(&self, written: &mut Replacement) -> Result<(), files::FileError> {
        let mut files = self.files.iter();
        files.try_for_each(|file| written.put(&file.path, file.text.as_bytes()))
    }
}

/// The folder of the workspace that a package in this folder would belong to.
fn workspace_around(folder: &Path) -> Option<PathBuf> {
    let around = discover::workspace_of(folder.parent()?);
    around.join("Cargo.toml").is_file().then_some(around)
}
