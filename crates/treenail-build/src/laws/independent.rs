//! Mistakes that have nothing to do with each other: of any number of them, in any order and wherever they are made, every
//! one is told, once, and in the words in which it is told alone.
//!
//! The catalogue has a mistake of every kind that can stand beside others, each in names of its own, with the pieces of
//! manifests that make it. `TREENAIL_LAW_CASES=20000 cargo test --release -p treenail-build --lib independent` tries so many
//! sets of fifteen, and every two alone; a debug build makes some more at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{LazyLock, Mutex};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::diagnostic::{Code, Severity};
use crate::report::{Message, Span};
use crate::testing::{Case, Package};

/// The plugins in which mistakes are made, and the host with its overlay.
const PLACES: [&str; 4] = ["mail", "chat", "app", "overlay"];

/// Plugins that only `mail` depends on.
const BEYOND: [&str; 3] = ["hidden", "buried", "sunken"];

/// A mistake of the catalogue.
struct Mistake {
    name: &'static str,
    code: &'static str,
    /// Pieces of manifests, each below the line that says in which.
    pieces: Vec<(&'static str, &'static str)>,
}

impl Mistake {
    /// In how many places it has to be made to be made everywhere: one, unless its pieces have one of these words.
    fn places(&self, words: &[&str]) -> usize {
        let has = |(place, piece): &(&str, &str)| {
            let said = |word: &&str| place == word || piece.contains(&format!("{{{word}}}"));
            words.iter().any(said)
        };
        if self.pieces.iter().any(has) {
            PLACES.len()
        } else {
            1
        }
    }
}

static CATALOGUE: LazyLock<Vec<Mistake>> = LazyLock::new(|| {
    let all = include_str!("independent/catalogue.txt")
        .split("## ")
        .skip(1);
    all.map(|text| {
        let (title, body) = text.split_once('\n').expect("a title");
        let (name, code) = title.split_once(' ').expect("a code");
        let pieces = body.split('@').skip(1);
        let pieces = pieces.map(|piece| piece.split_once('\n').expect("a line"));
        let pieces = pieces.map(|(place, lines)| (place, lines.trim())).collect();
        Mistake { name, code, pieces }
    })
    .collect()
});

/// Where a mistake is made: its pieces that say `here`, and those that say `there`.
type At = (usize, usize);

/// A manifest that grows by pieces.
#[derive(Default)]
struct Grown {
    /// Lines by header: a table can be opened once only.
    tables: BTreeMap<String, String>,
    /// Elements of arrays of tables, as they come.
    elements: String,
}

impl Grown {
    fn add(&mut self, piece: &str, prefix: &str) {
        let (mut header, mut in_element) = (String::new(), false);
        for line in piece.lines() {
            if let Some(rest) = line.strip_prefix("[[") {
                in_element = true;
                let _ = writeln!(self.elements, "[[{prefix}{rest}");
            } else if let Some(rest) = line.strip_prefix('[') {
                in_element = false;
                header = format!("[{prefix}{rest}");
                self.tables.entry(header.clone()).or_default();
            } else if in_element {
                let _ = writeln!(self.elements, "{line}");
            } else {
                let _ = writeln!(self.tables.entry(header.clone()).or_default(), "{line}");
            }
        }
    }

    fn text(mut self) -> String {
        let root = self.tables.remove("").unwrap_or_default();
        let tables = self
            .tables
            .iter()
            .map(|(header, lines)| format!("{header}\n{lines}"));
        root + &tables.collect::<String>() + &self.elements
    }
}

/// What mistakes are made in.
struct World {
    manifests: BTreeMap<String, Grown>,
    /// Packages without a library.
    programs: BTreeSet<String>,
    overlay: Option<&'static str>,
}

impl World {
    /// Nothing wrong yet: the same packages whatever will be.
    fn new() -> Self {
        let mut world = Self {
            manifests: BTreeMap::new(),
            programs: BTreeSet::new(),
            overlay: None,
        };
        for plugin in ["mail", "chat", "hidden"] {
            world.plugin(plugin);
        }
        for mistake in CATALOGUE.iter() {
            for (place, _) in &mistake.pieces {
                if let Some(plugin) = place.strip_prefix("own ") {
                    world.plugin(plugin);
                }
            }
        }
        let host = "treenail = 1\n[host]\n[overlay.on]\nwhen = { feature = \"on\" }\n[[component]]\ntype = \"crate::Pond\"\n[[overlay.on.component]]\ntype = \"crate::OverlayPond\"";
        world.add("app", host, "");
        world
    }

    /// A plugin that is there, and is used.
    fn plugin(&mut self, id: &str) {
        let text =
            format!("treenail = 1\n[plugin]\nid = \"{id}\"\n[[component]]\ntype = \"crate::Pond\"");
        self.add(id, &text, "");
    }

    fn add(&mut self, manifest: &str, piece: &str, prefix: &str) {
        self.manifests
            .entry(manifest.to_owned())
            .or_default()
            .add(piece, prefix);
    }

    fn make(&mut self, mistake: &'static Mistake, (here, there): At) {
        let id = |place: usize| if place == 3 { "app" } else { PLACES[place] };
        for (place, piece) in &mistake.pieces {
            // A plugin that is nearly the one that is meant.
            let piece = piece
                .replace("{here}", id(here))
                .replace("{there}", id(there));
            let piece = piece.replace("{hero}", &format!("{}x", id(here)));
            let place = match *place {
                "here" => PLACES[here],
                "there" => PLACES[there],
                // Not in an overlay.
                "plain" => PLACES[here % 3],
                other => other,
            };
            match place.split_once(' ').unwrap_or((place, "")) {
                ("overlay", "") => self.add("app", &piece, "overlay.on."),
                ("overlay", name) => self.overlay = Some(name),
                ("host", _) => self.add("app", &piece, ""),
                ("own", plugin) => self.add(plugin, &piece, ""),
                ("instead", package) => {
                    self.manifests.remove(package);
                    self.add(package, &piece, "");
                }
                ("raw", package) => self.add(package, &piece, ""),
                ("package", package) => self.add(package, &format!("treenail = 1\n{piece}"), ""),
                ("programs", package) => {
                    self.add(package, &format!("treenail = 1\n{piece}"), "");
                    self.programs.insert(package.to_owned());
                }
                (plugin, _) => self.add(plugin, &piece, ""),
            }
        }
    }

    fn messages(mut self) -> Vec<Message> {
        let host = self.manifests.remove("app").unwrap_or_default().text();
        let host = Package::new("desk", "1.0.0")
            .features(["on"])
            .manifest(host);
        let mut case = Case::new(host.depends_on(["api"]))
            .cfg(["unix"])
            .with(Package::new("treenail", "0.1.0").features(["config"]))
            .beside(Package::new("api", "1.0.0"))
            .beside(Package::new("old", "1.0.0"))
            .beside(Package::new("old", "2.0.0"));
        for (name, manifest) in self.manifests {
            let runtime = Some("treenail").filter(|_| !name.starts_with("lone-"));
            let mut package = Package::new(&name, "1.0.0")
                .depends_on(["api"])
                .depends_on(runtime);
            package = match name.as_str() {
                "mail" => package.depends_on(BEYOND),
                "xerus" => package.depends_on(["old 1.0.0"]),
                "xeruses" => package.depends_on(["old 2.0.0"]),
                _ => package,
            };
            if self.programs.contains(&name) {
                package = package.without_library();
            }
            let package = package.manifest(manifest.text());
            case = if BEYOND.contains(&name.as_str()) {
                case.beside(package)
            } else {
                case.with(package)
            };
        }
        if let Some(overlay) = self.overlay {
            case = case.overlay(overlay);
        }
        case.compose().messages().to_vec()
    }
}

/// A message without the numbers of lines, which depend on what stands above it.
type Told = (&'static str, String, String);

fn told(message: &Message) -> Told {
    let place = |span: &Span| {
        let (start, end) = (span.start.column, span.end.column);
        format!(
            "{} {:?} {start}-{end} {} {}\n",
            span.file, span.line, span.label, span.primary
        )
    };
    let mut text = message.spans.iter().map(place).collect::<String>();
    // Which overlays and plugins there are is what another mistake may be about.
    let lists =
        |text: &str| text.starts_with("the overlays here") || text.starts_with("the plugins here");
    for note in message.notes.iter().filter(|note| !lists(&note.text)) {
        let _ = write!(
            text,
            "{:?} {} {:?}",
            note.kind,
            note.text,
            note.span.as_ref().map(place)
        );
    }
    (message.code, message.title.clone(), text)
}

/// Everything that is told of these mistakes, made in this order.
fn all(mistakes: &[(usize, At)]) -> Vec<Message> {
    let mut world = World::new();
    for (number, at) in mistakes {
        world.make(&CATALOGUE[*number], *at);
    }
    world.messages()
}

/// What is told of one mistake alone.
fn alone(number: usize, at: At) -> Vec<Told> {
    static KNOWN: Mutex<BTreeMap<(usize, At), Vec<Told>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().expect("no panic");
    let found = known.entry((number, at));
    found
        .or_insert_with(|| all(&[(number, at)]).iter().map(told).collect())
        .clone()
}

/// How many mistakes are made at once.
const TOGETHER: std::ops::RangeInclusive<usize> = 15..=15;

fn cases() -> u32 {
    let stated = std::env::var("TREENAIL_LAW_CASES").ok();
    stated.map_or(128, |count| count.parse().expect("a number of cases"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn of_many_mistakes_every_one_is_told_as_it_is_alone(
        numbers in subsequence((0..CATALOGUE.len()).collect::<Vec<_>>(), TOGETHER).prop_shuffle(),
        places in vec((0..PLACES.len(), 0..PLACES.len()), TOGETHER),
    ) {
        let made: Vec<(usize, At)> = numbers.into_iter().zip(places).collect();
        let mut expected: Vec<Told> = made.iter().flat_map(|(number, at)| alone(*number, *at)).collect();
        let messages = all(&made);
        let mut found: Vec<Told> = messages.iter().map(told).collect();
        expected.sort();
        found.sort();
        let names: Vec<_> = made.iter().map(|(number, at)| (CATALOGUE[*number].name, at)).collect();
        let odd = |these: &[Told], those: &[Told]| these.iter().filter(|one| !those.contains(one)).cloned().collect::<Vec<_>>();
        prop_assert!(found == expected, "{:?}: without {:#?}, with {:#?}", names, odd(&expected, &found), odd(&found, &expected));
        let places = messages.iter().map(|message| message.spans.first().map(|span| (span.file.clone(), span.start)));
        prop_assert!(places.is_sorted());
    }
}

#[test]
fn every_mistake_of_the_catalogue_is_one_message_wherever_it_is_made() {
    let mut wrong = Vec::new();
    for (number, mistake) in CATALOGUE.iter().enumerate() {
        for here in 0..mistake.places(&["here", "plain", "hero"]) {
            for there in 0..mistake.places(&["there"]) {
                let found = all(&[(number, (here, there))]);
                let codes: Vec<&str> = found.iter().map(|one| one.code).collect();
                if codes != [mistake.code] {
                    let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
                    wrong.push(format!(
                        "{} {here} {there}: {codes:?}\n{}",
                        mistake.name,
                        texts.join("\n")
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Mistakes that are made together, such that any two are. In a release build, two each time.
fn together() -> Vec<Vec<usize>> {
    let size = if cfg!(debug_assertions) { 8 } else { 1 };
    let all: Vec<usize> = (0..CATALOGUE.len()).collect();
    let blocks: Vec<&[usize]> = all.chunks(size).collect();
    let mut groups = Vec::new();
    for (number, second) in blocks.iter().enumerate() {
        let firsts = blocks[..number].iter();
        groups.extend(firsts.map(|first| [*first, *second].concat()));
    }
    groups
}

#[test]
fn any_two_mistakes_are_told_as_each_is_alone() {
    let mut wrong = Vec::new();
    for group in together() {
        let sum: usize = group.iter().sum();
        let at = |(turn, number): (usize, &usize)| {
            (*number, ((number + turn * sum) % 4, (sum - number) % 4))
        };
        let made: Vec<(usize, At)> = group.iter().enumerate().map(at).collect();
        let mut expected: Vec<Told> = made
            .iter()
            .flat_map(|(number, at)| alone(*number, *at))
            .collect();
        let mut found: Vec<Told> = all(&made).iter().map(told).collect();
        expected.sort();
        found.sort();
        if found != expected {
            let names = made
                .iter()
                .map(|(number, at)| (CATALOGUE[*number].name, at));
            let names: Vec<_> = names.collect();
            let swallowed = expected.iter().filter(|one| !found.contains(one));
            let added = found.iter().filter(|one| !expected.contains(one));
            wrong.push(format!(
                "{names:?}: without {:?}, with {:?}",
                swallowed.collect::<Vec<_>>(),
                added.collect::<Vec<_>>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What cannot stand beside other mistakes, or needs more than manifests to be made.
const APART: [&str; 9] = [
    // Needs Cargo, or files.
    "TN0012", "TN0101", "TN0102", "TN0110", "TN0111", "TN0112",
    "TN0113", // There is no composition at all.
    "TN0108", // What does not occur is known only where everything is.
    "TN0907",
];

#[test]
fn the_catalogue_has_a_mistake_of_every_code_that_can_stand_beside_others() {
    let found: BTreeSet<&str> = CATALOGUE.iter().map(|mistake| mistake.code).collect();
    let known = Code::ALL.iter().map(|code| code.name());
    // A lock is refused as a whole, before anything is composed of it.
    let is_apart = |name: &&str| APART.contains(name) || name.starts_with("TN06");
    let expected: BTreeSet<&str> = known.filter(|name| !is_apart(name)).collect();
    assert_eq!(found, expected);
    assert!(
        World::new()
            .messages()
            .iter()
            .all(|one| one.severity == Severity::Warning)
    );
    assert!(
        World::new().messages().is_empty(),
        "{:?}",
        World::new().messages()
    );
}
