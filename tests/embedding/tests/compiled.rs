//! Every case of a composition, as real packages that Cargo builds: where there are mistakes, the messages of the compiler are
//! the only errors, and where there are none, rustc has nothing to add. What only code can show is one error of rustc's.

mod compiled {
    pub(crate) mod cargo;
    pub(crate) mod code;
    pub(crate) mod packages;
}

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use compiled::cargo::{Told, check, headlines, warnings};
use compiled::packages::{Packages, workspace};

fn cases(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/treenail-build/tests");
    let folder = folder.join(kind);
    let entries = fs::read_dir(folder).expect("the cases");
    let mut cases = entries
        .map(|entry| entry.expect("a case").path())
        .collect::<Vec<_>>();
    cases.sort();
    cases
}

/// The first line of each error in a file of expected messages; a warning has a code of its own kind.
fn expected(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let is_error =
        |line: &&str| line.ends_with(']') && line.contains(" [TN") && !line.contains(" [TN09");
    let lines = text.lines().filter(is_error);
    let mut lines = lines.map(str::to_owned).collect::<Vec<_>>();
    lines.sort();
    lines
}

/// The first line of each error that the manifest in a package's folder shows by itself.
fn shown_alone(package: &Path) -> Vec<String> {
    let Ok(manifest) = fs::read(package.join("plugins.toml")) else {
        return Vec::new();
    };
    let messages = treenail_build::check_manifest("plugins.toml", &manifest);
    let errors = messages
        .iter()
        .filter(|one| one.severity == treenail_build::Severity::Error);
    let lines = errors.map(|one| one.text.lines().next().unwrap_or_default().to_owned());
    let mut lines = lines.collect::<Vec<_>>();
    lines.sort();
    lines
}

/// What is wrong with the errors of a case. Mistakes in a plugin's manifest are that crate's errors, and hide the crates behind it;
/// without any, the host is told everything.
fn compare(host: &Path, expected: &[String], errors: &[Told]) -> Vec<String> {
    let name = host.file_name().expect("a folder").to_string_lossy();
    let (own, of_plugins): (Vec<&Told>, Vec<&Told>) =
        errors.iter().partition(|error| error.package == name);
    let sorted = |errors: &[&Told]| {
        let mut lines: Vec<_> = errors.iter().map(|one| one.headline().to_owned()).collect();
        lines.sort();
        lines
    };
    if of_plugins.is_empty() {
        let found = sorted(&own);
        return match found == expected {
            true => Vec::new(),
            false => vec![format!("expected {expected:#?}\n  found {found:#?}")],
        };
    }
    let mut wrong = Vec::new();
    for plugin in of_plugins
        .iter()
        .map(|one| &one.package)
        .collect::<BTreeSet<_>>()
    {
        let told = of_plugins.iter().filter(|one| one.package == *plugin);
        let told = sorted(&told.copied().collect::<Vec<_>>());
        let alone = shown_alone(&host.with_file_name(plugin));
        let missing = alone.iter().filter(|line| !told.contains(line));
        wrong.extend(missing.map(|line| format!("{plugin} is not told: {line}")));
        // The rest is between the manifest and the package's Cargo.toml.
        let foreign = told
            .iter()
            .filter(|line| !alone.contains(line) && !expected.contains(line));
        wrong.extend(foreign.map(|line| format!("{plugin} is told: {line}")));
    }
    let words = own
        .iter()
        .map(|one| format!("the host is told: {}", one.text));
    wrong.extend(words);
    wrong
}

#[test]
fn the_only_errors_of_a_build_are_those_of_the_compiler() {
    let mut wrong = String::new();
    let mut built = 0;
    for case in cases("compositions") {
        let Some(packages) = Packages::read(&case) else {
            continue;
        };
        built += 1;
        let name = name_of(&case);
        let host = packages.write(&name);
        let mut errors = check(&host, &[]);
        errors.retain(|error| !error.headline().contains(" [TN09"));
        for line in compare(&host, &expected(&case.join("error.txt")), &errors) {
            wrong += &format!("{name}\n  {line}\n");
        }
    }
    assert!(built >= 60, "only {built} cases could be built");
    assert!(wrong.is_empty(), "{wrong}");
}

fn name_of(case: &Path) -> String {
    let name = case.file_name().expect("a name");
    name.to_string_lossy().into_owned()
}

#[test]
fn a_mistake_in_one_manifest_is_shown_by_the_compiler_alone() {
    let mut wrong = String::new();
    for case in cases("manifests") {
        let name = name_of(&case);
        let manifest = fs::read(case.join("plugins.toml")).expect("a manifest");
        let Some(packages) = Packages::of_manifest(manifest) else {
            continue;
        };
        let found = headlines(&packages.write(&name), &[]);
        let foreign: Vec<_> = found.iter().filter(|line| !line.contains(" [TN")).collect();
        let mut missing = expected(&case.join("expected.txt"));
        missing.retain(|line| !found.contains(line));
        if !foreign.is_empty() || !missing.is_empty() {
            wrong +=
                &format!("{name}\n  not the compiler's: {foreign:#?}\n  missing: {missing:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_mistake_of_a_plugin_is_its_own_error_for_its_author_and_for_a_host() {
    let manifest = b"treenail = 1\n[plugin]\nid = \"mail\"\ncolour = \"red\"\n".to_vec();
    let host = Packages::of_manifest(manifest)
        .expect("packages")
        .write("shown_twice");
    let expected = ["unknown key `colour` in `[plugin]` [TN0002]"];
    for arguments in [&[][..], &["-p", "mail"], &[]] {
        let errors = check(&host, arguments);
        let told: Vec<_> = errors.iter().map(Told::headline).collect();
        assert_eq!(told, expected);
        assert_eq!(errors[0].package, "mail-1.0.0");
    }
}

/// A plugin `mail` with one component, and its host.
fn mail(name: &str) -> (PathBuf, PathBuf) {
    let manifest =
        b"treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Smtp\"\n";
    let host = Packages::of_manifest(manifest.to_vec()).expect("packages");
    let host = host.write(name);
    let plugin = host.with_file_name("mail-1.0.0").join("src/lib.rs");
    (host, plugin)
}

const SMTP: &str = "pub struct Smtp;
    impl treenail::Component for Smtp {
        async fn build(deps: treenail::Deps<Self>, (): treenail::Config<Self>) -> treenail::Result<Self> {
            drop(deps);
            Ok(Self)
        }
    }";

#[test]
fn a_forgotten_plugin_is_one_error_for_a_component() {
    let (host, plugin) = mail("a_forgotten_plugin");
    fs::write(plugin, SMTP).expect("written");
    assert_eq!(
        headlines(&host, &[]),
        ["`Smtp` is not declared as a component"]
    );
}

#[test]
fn a_forgotten_plugin_that_its_author_is_not_told_of_is_one_error_of_a_host() {
    let (host, plugin) = mail("a_forgotten_plugin_of_a_host");
    fs::write(plugin, "pub struct Smtp;").expect("written");
    assert_eq!(
        headlines(&host, &[]),
        ["unresolved import `mail::__treenail`"]
    );
}

#[test]
fn a_plugin_in_a_module_is_told_its_place() {
    let (host, plugin) = mail("a_plugin_in_a_module");
    fs::write(
        plugin,
        SMTP.to_owned() + "mod inner { treenail::plugin!(); }",
    )
    .expect("written");
    let expected = "evaluation panicked: `treenail::plugin!();` stands in a module: put it at the root of the \
                    crate, in src/lib.rs";
    assert_eq!(headlines(&host, &[]), [expected]);
}

/// Gives the host a name of its own: to Cargo, hosts of one name are one package wherever they are, if its sources are not
/// newer.
fn rename(host: &Path, name: &str) {
    let cargo_toml = host.join("Cargo.toml");
    let text = fs::read_to_string(&cargo_toml).expect("a Cargo.toml");
    fs::write(
        &cargo_toml,
        text.replace("\"desk\"", &format!("\"{name}\"")),
    )
    .expect("written");
}

#[test]
fn what_an_earlier_build_script_has_generated_is_not_brought_in() {
    let (host, _) = mail("an_earlier_build_script");
    rename(&host, "forgetful");
    assert_eq!(headlines(&host, &[]), [""; 0]);
    fs::write(host.join("build.rs"), "fn main() {}").expect("written");
    let errors = headlines(&host, &[]);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(
        errors[0].contains("a build.rs next to its Cargo.toml"),
        "{errors:#?}"
    );
}

#[test]
fn every_mistake_of_a_host_is_an_error_where_it_composes() {
    let lines = (10..80).map(|number| format!("colour{number} = 1\n"));
    let manifest = format!("treenail = 1\n[host]\n{}", lines.collect::<String>());
    let packages = Packages::of_manifest(manifest.into()).expect("packages");
    let host = packages.write("errors_where_it_composes");
    rename(&host, "colourful");
    let code = "pub mod inner {\n    treenail::compose!();\n    pub fn same(app: &App) -> &App { app }\n}\n";
    fs::write(host.join("src/lib.rs"), code).expect("written");
    let errors = check(&host, &[]);
    assert_eq!(errors.len(), 70);
    let told: BTreeSet<&str> = errors.iter().map(Told::headline).collect();
    assert_eq!(told.len(), 70);
    assert!(
        errors
            .iter()
            .all(|one| one.text.contains(" --> plugins.toml:"))
    );
    let at_home = errors.iter().filter(|one| one.place == "src/lib.rs:2:5");
    // The rest is in the generated file.
    assert_eq!(at_home.count(), 64);
}

#[test]
fn a_hosts_own_items_may_have_any_name() {
    let manifest = b"treenail = 1\n[host]\n[[component]]\ntype = \"crate::R0\"\n\
        [registry.\"crate::Names\"]\none = { value = \"crate::ONE\" }\n";
    let packages = Packages::of_manifest(manifest.to_vec()).expect("packages");
    let host = packages.write("names_of_its_own");
    rename(&host, "named");
    let code = "treenail::compose!();
pub struct R0;
impl treenail::Component for R0 {
    async fn build(_: treenail::Deps<Self>, _: treenail::Config<Self>) -> treenail::Result<Self> { Ok(Self) }
}
pub struct Names;
impl treenail::Registry for Names { type Entry = u8; }
pub const ONE: u8 = 1;
pub fn finish() {}
pub fn build_0() {}
pub fn find_0() {}
pub static TABLE: u8 = 0;
pub static COMPOSED_0: u8 = 0;
pub static ENTRIES_0: u8 = 0;
pub static LINE_0_0: u8 = 0;
";
    fs::write(host.join("src/lib.rs"), code).expect("written");
    assert_eq!(headlines(&host, &[]), [""; 0]);
}

#[test]
fn an_answer_that_cargo_could_not_give_is_asked_for_again() {
    let manifest = b"treenail = 1\n[host]\n[[component]]\ntype = \"crate::Desk\"\nrequires = { wire = { service = \"dyn wire::Wire\", optional = true } }\n";
    let packages = Packages::of_manifest(manifest.to_vec()).expect("packages");
    let host = packages.write("asked_again");
    rename(&host, "patched");
    // Where the registry is, only a configuration says.
    let cargo_toml = host.join("Cargo.toml");
    let text = fs::read_to_string(&cargo_toml).expect("a Cargo.toml");
    let text = text.replace(
        "path = \"../wire-1.0.0\"",
        "version = \"1\", registry = \"club\"",
    );
    assert!(text.contains("club"));
    fs::write(&cargo_toml, text).expect("written");
    let folder = host.with_file_name("club");
    fs::create_dir_all(folder.join("wire/src")).expect("a folder");
    for (file, text) in [
        (
            "Cargo.toml",
            "[package]\nname = \"wire\"\nversion = \"1.0.0\"\nedition = \"2024\"\n",
        ),
        (".cargo-checksum.json", "{\"files\":{}}"),
        ("src/lib.rs", "pub trait Wire: Send + Sync {}\n"),
    ] {
        fs::write(folder.join("wire").join(file), text).expect("written");
    }
    let place = "file:///nowhere/club";
    let configuration = format!(
        "registries.club.index = {place:?}\nsource.club = {{ registry = {place:?}, replace-with = \"folder\" }}\n\
         source.folder.directory = {folder:?}\n"
    );
    let (beside, within) = (folder.join("config.toml"), host.join(".cargo/config.toml"));
    fs::write(&beside, &configuration).expect("written");
    let _ = fs::remove_file(&within);
    let told = check(&host, &["--config", beside.to_str().expect("UTF-8")]);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].place, "src/lib.rs:1:1");
    let asked = "make `cargo metadata --format-version 1 --offline ";
    for words in [
        "[TN0101]",
        "was not found in any configuration",
        asked,
        "`--config`",
    ] {
        assert!(told[0].text.contains(words), "{}", told[0].text);
    }
    fs::create_dir_all(within.with_file_name("")).expect("a folder");
    fs::write(&within, configuration).expect("written");
    assert_eq!(headlines(&host, &[]), [""; 0]);
    fs::remove_file(within).expect("removed");
}

/// Components that name a type for each key, and use what they are given.
const COMPONENTS: &str = r#"
[[component]]
type = "crate::Smtp"
provides = ["dyn wire::Mail"]
requires = { wire = "dyn wire::Wire", clock = { service = "dyn wire::Clock", optional = true }, all = { service = "dyn crate::Local", all = true } }
config = "crate::Rules"
[[component]]
type = "crate::Cable"
provides = ["dyn wire::Wire", "dyn crate::Local"]
[[component]]
type = "crate::Tape"
decorate = "dyn wire::Mail"
[[component]]
type = "crate::steps::Send"
kind = "pipe"
params = "crate::steps::Limits"
requires = { mail = "dyn wire::Mail" }
"#;

/// The code of the components, and of what uses them.
const CODE: &str = r#"
    use std::sync::Arc;
    use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult, Result};

    #[derive(serde::Deserialize, schemars::JsonSchema)]
    pub struct Rules { pub port: u16 }
    pub trait Local: Send + Sync {}
    pub struct Smtp { pub wire: Arc<dyn wire::Wire>, pub port: u16 }
    impl Component for Smtp {
        async fn build(deps: Deps<Self>, config: Config<Self>) -> Result<Self> {
            if let Some(clock) = &deps.clock { clock.tick(); }
            assert!(deps.all.is_empty());
            Ok(Self { wire: deps.wire, port: config.port + 1 })
        }
    }
    impl wire::Mail for Smtp { fn send(&self, text: &str) { self.wire.put(text); } }
    impl Local for Cable {}

    pub struct Cable;
    impl Component for Cable {
        async fn build(_: Deps<Self>, (): Config<Self>) -> Result<Self> { Ok(Self) }
    }
    impl wire::Wire for Cable { fn put(&self, _: &str) {} }

    pub struct Tape { pub inner: Arc<dyn wire::Mail> }
    impl Component for Tape {
        async fn build(deps: Deps<Self>, (): Config<Self>) -> Result<Self> {
            let TapeDeps { inner } = deps;
            inner.send("recorded");
            Ok(Self { inner })
        }
    }
    impl wire::Mail for Tape { fn send(&self, text: &str) { self.inner.send(text); } }

    pub mod steps {
        use super::*;
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        pub struct Limits { pub most: usize }
        pub struct Send { mail: Arc<dyn wire::Mail> }
        impl Component for Send {
            async fn build(deps: Deps<Self>, (): Config<Self>) -> Result<Self> { Ok(Self { mail: deps.mail }) }
        }
        impl Pipe for Send {
            async fn run(&self, params: Params<Self>, _: &PipeContext) -> Result<PipeResult> {
                self.mail.send(&"x".repeat(params.most));
                unimplemented!()
            }
        }
    }
"#;

/// What both ask for of another crate.
const WIRE: &str = "
    pub trait Wire: Send + Sync { fn put(&self, text: &str); }
    pub trait Clock: Send + Sync { fn tick(&self); }
    pub trait Mail: Send + Sync { fn send(&self, text: &str); }
    pub struct Plug;";

/// Mistakes that only code shows, and what rustc says: `from`, in the place of which there is `to`.
const MISTAKES: [(&str, &str, &str); 13] = [
    ("type = \"crate::Smtp\"", "type = \"crate::Smpt\"", "`Smpt`"),
    ("crate::Cable", "crate::parts::Cable", "`parts`"),
    ("crate::steps::Send", "crate::steps::Sned", "`Sned`"),
    ("crate::steps::Limits", "crate::steps::Limit", "`Limit`"),
    ("\"crate::Rules\"", "\"crate::Ruels\"", "`Ruels`"),
    ("\"dyn wire::Wire\"", "\"dyn wire::Wier\"", "`Wier`"),
    (
        "service = \"dyn wire::Clock\"",
        "service = \"dyn wire::Clokc\"",
        "Clokc`",
    ),
    (
        "service = \"dyn crate::Local\"",
        "service = \"dyn crate::Locla\"",
        "Locla`",
    ),
    ("dyn wire::Mail", "dyn wire::Post", "`Post`"),
    (
        "[\"dyn wire::Wire\", \"dyn crate::Local\"]",
        "[\"dyn wire::Wire\", \"dyn crate::Lokal\"]",
        "Lokal`",
    ),
    (
        "\"crate::Rules\"",
        "\"crate::Local\"",
        "expected a type, found a trait",
    ),
    (
        "\"dyn wire::Wire\"",
        "\"dyn wire::Plug\"",
        "expected trait, found struct `::wire::Plug`",
    ),
    (
        "service = \"dyn wire::Clock\"",
        "service = \"wire::Clock\"",
        // Of a host the compiler says it, which has looked at the sources of `wire`; of a plugin alone rustc.
        "a trait",
    ),
];

/// Makes each mistake alone, and compares what rustc says.
fn each_is_one_error(host: &Path, manifest: &Path, right: &str) {
    fs::write(manifest, right).expect("written");
    assert_eq!(headlines(host, &[]), [""; 0]);
    let mut wrong = String::new();
    for (from, to, said) in MISTAKES {
        assert!(right.contains(from), "{from}");
        fs::write(manifest, right.replace(from, to)).expect("written");
        let told = headlines(host, &[]);
        if told.len() != 1 || !told[0].contains(said) {
            wrong += &format!("{to}\n  {told:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_path_to_nothing_in_a_plugin_is_one_error_of_rustc() {
    let plugin_toml = format!("treenail = 1\n[plugin]\nid = \"mail\"\n{COMPONENTS}");
    let host = Packages::of_manifest(plugin_toml.clone().into()).expect("packages");
    let host = host.write("a_path_to_nothing");
    let plugin = host.with_file_name("mail-1.0.0");
    let code = format!("treenail::plugin!(); {CODE}");
    fs::write(plugin.join("src/lib.rs"), code).expect("written");
    let contract = host.with_file_name("wire-1.0.0").join("src/lib.rs");
    fs::write(contract, WIRE).expect("written");
    each_is_one_error(&host, &plugin.join("plugins.toml"), &plugin_toml);
}

#[test]
fn a_path_to_nothing_of_the_host_is_one_error() {
    let host_toml = format!("treenail = 1\n[host]\n{COMPONENTS}");
    let host = Packages::of_manifest(host_toml.clone().into()).expect("packages");
    let host = host.write("a_path_of_the_host");
    rename(&host, "misspelt");
    let used = "pub fn use_all(app: &App) -> usize {
        app.get::<dyn wire::Mail>().send(\"\");
        app.all::<dyn Local>().len()
    }";
    let code = format!("treenail::compose!(); {CODE} {used}");
    fs::write(host.join("src/lib.rs"), code).expect("written");
    let contract = host.with_file_name("wire-1.0.0").join("src/lib.rs");
    fs::write(contract, WIRE).expect("written");
    each_is_one_error(&host, &host.join("plugins.toml"), &host_toml);
}

#[test]
fn hooks_that_are_not_there_are_one_error() {
    let (host, plugin) = mail("hooks_that_are_not_there");
    let hooks = "pub struct Keys;
        impl treenail::Hooks for Keys {
            async fn setup(_: treenail::Inventory) -> treenail::Result<Self> { Ok(Self) }
        }";
    fs::write(&plugin, format!("treenail::plugin!(); {SMTP} {hooks}")).expect("written");
    let manifest = host.with_file_name("mail-1.0.0").join("plugins.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let with = |hooks: &str| text.replace("[plugin]\n", &format!("[plugin]\nhooks = {hooks:?}\n"));
    fs::write(&manifest, with("crate::Keys")).expect("written");
    assert_eq!(headlines(&host, &[]), [""; 0]);
    fs::write(&manifest, with("crate::Kyes")).expect("written");
    assert_eq!(
        headlines(&host, &[]),
        ["cannot find type `Kyes` in the crate root"]
    );
}

#[test]
fn a_type_that_is_not_public_is_one_error_of_its_author() {
    let (host, plugin) = mail("a_type_that_is_not_public");
    let code = format!("treenail::plugin!(); {SMTP}").replace("pub struct", "struct");
    fs::write(plugin, code).expect("written");
    let told = headlines(&host, &[]);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].contains("private type `Smtp` in public interface"),
        "{told:#?}"
    );
}

#[test]
fn a_component_that_the_manifest_does_not_have_is_told_beside_those_that_it_has() {
    let (host, plugin) = mail("an_undeclared_component");
    let other = SMTP.replace("Smtp", "Imap");
    fs::write(plugin, format!("treenail::plugin!(); {SMTP} {other}")).expect("written");
    let told = headlines(&host, &[]);
    assert_eq!(told, ["`Imap` is not declared as a component"]);
}

const PLUGIN: &str = "[package.metadata.treenail]\nmanifest = \"plugins.toml\"\n";

/// What both packages of components need.
const USES: &str = "#![allow(missing_docs)]
    use treenail::{Component, Config, Deps, Result};
    macro_rules! components { ($($ty:ty),*) => { $(
        impl Component for $ty {
            async fn build(_: Deps<Self>, _: Config<Self>) -> Result<Self> { Ok(Self::default()) }
        }
    )* } }
";

/// Code of a plugin whose package is called as a word that Rust keeps for itself, and of its components.
const ODD: &str = "
    #[derive(Default)]
    pub struct Pool<T>(std::marker::PhantomData<T>);
    #[derive(Default)]
    pub struct Wire;
    #[derive(Default)]
    pub struct Tape;
    #[allow(non_camel_case_types)]
    #[derive(Default)]
    pub struct lowly;
    #[allow(non_camel_case_types)]
    #[derive(Default)]
    pub struct r#struct;
    pub trait Line: Send + Sync {}
    impl Line for lowly {}
    impl Line for Tape {}
    components!(Pool<Wire>, Pool<Tape>, lowly, r#struct, Tape);
    treenail::plugin!();
";

const ODD_TOML: &str = r#"
treenail = 1
[plugin]
id = "lines"
[[component]]
type = "crate::Pool<crate::Wire>"
name = "WirePool"
[[component]]
type = "crate::Pool<crate::Tape>"
name = "TapePool"
requires = { pool = "crate::Pool<crate::Wire>" }
[[component]]
type = "crate::lowly"
provides = ["dyn crate::Line"]
[[component]]
type = "crate::r#struct"
name = "Struct"
requires = { first_line = "dyn crate::Line", second_line = "dyn crate::Line", third_line = "dyn crate::Line" }
[[component]]
type = "crate::Tape"
decorate = "dyn crate::Line"
"#;

/// The host's own components, more than a function of a hundred lines has room for.
fn many() -> (String, String) {
    let mut manifest = r#"
treenail = 1
[host]
[bind]
"dyn crate::Won" = "app:Winner"
[[component]]
type = "crate::Winner"
provides = ["dyn crate::Won"]
requires = { a_line = "dyn r#type::Line", b_line = "dyn r#type::Line", c_line = "dyn r#type::Line", nobody = { service = "dyn crate::Nobody", all = true }, none = { service = "dyn crate::Nobody", optional = true }, by_name = { service = "dyn crate::Nobody", map = true } }
deadline = { build = "1h", stop = "1500ms" }
restart = { restarts = 1000000 }
[[component]]
type = "crate::Loser"
provides = ["dyn crate::Won"]
[[component]]
type = "crate::All"
requires = { all = { service = "dyn crate::Many", all = true } }
[registry."crate::Tools"]
file = { value = "crate::count" }
plane = { type = "crate::Plane", requires = { all = { service = "dyn crate::Many", all = true } } }
rasp = { type = "crate::Rasp", requires = {} }
saw = { type = "crate::Saw", requires = { clock = "dyn treenail::Clock", nobody = { service = "dyn crate::Nobody", optional = true } } }
"#
    .to_owned();
    let mut code = "treenail::compose!();
        pub trait Won: Send + Sync {}
        pub trait Nobody: Send + Sync {}
        pub trait Many: Send + Sync {}
        #[derive(Default)] pub struct Winner;
        #[derive(Default)] pub struct Loser;
        #[derive(Default)] pub struct All;
        impl Won for Winner {}
        impl Won for Loser {}
        components!(Winner, Loser, All);
        pub struct Tools;
        impl treenail::Registry for Tools { type Entry = fn() -> u8; }
        impl<T: treenail::Wired> treenail::AcceptsWired<T> for Tools {
            fn entry(_: &'static str, _: T::Deps) -> std::sync::Arc<fn() -> u8> { std::sync::Arc::new(count) }
        }
        #[must_use]
        pub fn count() -> u8 { 1 }
        pub struct Plane;
        pub struct Rasp;
        pub struct Saw;
        "
    .to_owned();
    for number in 0..120 {
        manifest += &format!(
            "[[component]]\ntype = \"crate::c{number}\"\nprovides = [\"dyn crate::T{number}\", \"dyn crate::Many\"]\n"
        );
        code += &format!(
            "pub trait T{number}: Send + Sync {{}}
            #[allow(non_camel_case_types)] #[derive(Default)] pub struct c{number};
            impl T{number} for c{number} {{}}
            impl Many for c{number} {{}}
            components!(c{number});
            "
        );
    }
    (manifest, code)
}

#[test]
fn generated_code_leaves_the_strictest_clippy_nothing_to_say_whatever_things_are_called() {
    let (manifest, code) = many();
    let odd = format!("{USES}{ODD}");
    let host = format!("{USES}{code}");
    let dependencies = "[dependencies]\ntreenail.workspace = true\n";
    let other_toml = ODD_TOML.replace("\"lines\"", "\"other-lines\"");
    let plugin = format!("{dependencies}{PLUGIN}");
    let desk = format!(
        "{dependencies}type = {{ path = \"../type\" }}\nasync = {{ package = \"my-lines\", path = \"../my-lines\" }}\n\
         [build-dependencies]\ntreenail-build.workspace = true\n"
    );
    let build = "fn main() { treenail_build::compose() }";
    let root = workspace(
        "strict",
        &[
            (
                "type",
                &plugin,
                &[("plugins.toml", ODD_TOML), ("src/lib.rs", &odd)],
            ),
            (
                "my-lines",
                &plugin,
                &[("plugins.toml", &other_toml), ("src/lib.rs", &odd)],
            ),
            (
                "strict-desk",
                &desk,
                &[
                    ("plugins.toml", &manifest),
                    ("src/lib.rs", &host),
                    ("build.rs", build),
                ],
            ),
        ],
    );
    let strict = ["--workspace", "--", "-W", "clippy::pedantic"];
    let told: Vec<String> = warnings(&root, "clippy", &strict)
        .into_iter()
        .map(|one| format!("{} at {}", one.text, one.place))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn a_feature_that_only_the_command_line_switches_on_is_told() {
    let component = |name: &str| {
        format!(
            "pub struct {name};\nimpl treenail::Component for {name} {{ async fn build(_: treenail::Deps<Self>, (): treenail::Config<Self>) -> treenail::Result<Self> {{ Ok(Self) }} }}\n"
        )
    };
    let code = format!(
        "treenail::plugin!();\n{}#[cfg(feature = \"more\")] mod more {{ {} }}\n#[cfg(feature = \"more\")] pub use more::More;\n",
        component("Some"),
        component("More")
    );
    let manifest = "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Some\"\n\
                    [[component]]\ntype = \"crate::More\"\nwhen = { feature = \"more\" }\n";
    let dependencies = "[dependencies]\ntreenail.workspace = true\n";
    let mail = format!("{dependencies}{PLUGIN}[features]\nmore = []\n");
    let desk = format!(
        "{dependencies}post = {{ package = \"feature-mail\", path = \"../feature-mail\" }}\n\
         [build-dependencies]\ntreenail-build.workspace = true\n[features]\nall = [\"post/more\"]\n"
    );
    let host: &[_] = &[
        ("plugins.toml", "treenail = 1\n[host]\n"),
        ("src/lib.rs", "treenail::compose!();"),
        ("build.rs", "fn main() { treenail_build::compose() }"),
    ];
    let root = workspace(
        "features",
        &[
            (
                "feature-mail",
                &mail,
                &[("plugins.toml", manifest), ("src/lib.rs", &code)],
            ),
            ("feature-desk", &desk, host),
        ],
    );
    let told = |arguments: &[&str]| {
        let arguments = [&["-p", "feature-desk"], arguments].concat();
        warnings(&root, "check", &arguments)
    };
    for agreed in [&[][..], &["--features", "all"]] {
        let told = told(agreed);
        assert!(told.is_empty(), "{told:#?}");
    }
    let told = told(&["--features", "post/more"]);
    assert_eq!(told.len(), 1, "{told:#?}");
    for words in [
        "`mail:More` is compiled, and is not in `App`: `post/more` was",
        "`more = [\"post/more\"]`",
    ] {
        assert!(told[0].text.contains(words), "{}", told[0].text);
    }
}
