//! Every case of a composition, as real packages that Cargo builds: where there are mistakes, the messages of the compiler are
//! the only errors, and where there are none, rustc has nothing to add.

mod compiled {
    pub(crate) mod cargo;
    pub(crate) mod code;
    pub(crate) mod packages;
}

use std::fs;
use std::path::{Path, PathBuf};

use compiled::cargo::check;
use compiled::packages::Packages;

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
fn headlines(text: &str) -> Vec<String> {
    let is_error =
        |line: &&str| line.ends_with(']') && line.contains(" [TN") && !line.contains(" [TN09");
    let lines = text.lines().filter(is_error);
    let mut lines = lines.map(str::to_owned).collect::<Vec<_>>();
    lines.sort();
    lines
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
        let name = case
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let expected = fs::read_to_string(case.join("error.txt")).unwrap_or_default();
        let expected = headlines(&expected);
        let errors = check(&packages.write(&name), &[]);
        let mut found = errors
            .iter()
            .map(|error| error.lines().next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>();
        found.retain(|error| !error.contains(" [TN09"));
        found.sort();
        if found != expected {
            wrong += &format!("{name}\n  expected {expected:#?}\n  found {found:#?}\n");
        }
    }
    assert!(built >= 60, "only {built} cases could be built");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_mistake_in_one_manifest_is_shown_by_the_compiler_alone() {
    let mut wrong = String::new();
    for case in cases("manifests") {
        let name = case
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let manifest = fs::read(case.join("plugins.toml")).expect("a manifest");
        let Some(packages) = Packages::of_manifest(manifest) else {
            continue;
        };
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        let errors = check(&packages.write(&name), &[]);
        let foreign = errors
            .iter()
            .filter(|error| !error.contains(" [TN"))
            .collect::<Vec<_>>();
        let mut missing = headlines(&expected);
        missing.retain(|line| !errors.iter().any(|error| error.starts_with(line.as_str())));
        if !foreign.is_empty() || !missing.is_empty() {
            wrong +=
                &format!("{name}\n  not the compiler's: {foreign:#?}\n  missing: {missing:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_a_host_shows_of_a_plugin_is_shown_to_its_author_too() {
    let manifest = b"treenail = 1\n[plugin]\nid = \"mail\"\ncolour = \"red\"\n".to_vec();
    let host = Packages::of_manifest(manifest)
        .expect("packages")
        .write("shown_twice");
    let expected = ["unknown key `colour` in `[plugin]` [TN0002]"];
    let headlines = |arguments: &[&str]| {
        let errors = check(&host, arguments).into_iter();
        let lines = errors.map(|error| error.lines().next().unwrap_or_default().to_owned());
        lines.collect::<Vec<_>>()
    };
    assert_eq!(headlines(&[]), expected);
    // Nothing has changed since, and yet Cargo must not take the plugin for built.
    assert_eq!(headlines(&["-p", "mail"]), expected);
    assert_eq!(headlines(&[]), expected);
}

#[test]
fn a_type_that_the_crate_does_not_have_is_one_error() {
    let manifest =
        b"treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Smpt\"\n";
    let host = Packages::of_manifest(manifest.to_vec()).expect("packages");
    let host = host.write("a_type_that_is_not_there");
    let plugin = host.with_file_name("mail-1.0.0");
    let code = "use treenail::{Component, Config, Deps};
        treenail::plugin!();
        pub struct Smtp;
        impl Component for Smtp {
            async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
                deps.wire.open();
                Ok(Self)
            }
        }";
    fs::write(plugin.join("src/lib.rs"), code).expect("written");
    let errors = check(&host, &[]);
    let first = errors.iter().filter_map(|error| error.lines().next());
    let expected = ["there is no type `Smpt` in this package [TN0106]"];
    assert_eq!(first.collect::<Vec<_>>(), expected);
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
fn what_a_plugin_does_not_look_at_hides_nothing_of_its_host() {
    let manifest = "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Smtp\"\n\
                    requires = { wire = \"dyn wire::Wire\", wire = \"dyn wire::Clock\" }\n";
    let host = Packages::of_manifest(manifest.into()).expect("packages");
    let host = host.write("nothing_is_looked_at");
    let code = SMTP.replace("deps:", "_:").replace("drop(deps);", "");
    let plugin = host.with_file_name("mail-1.0.0");
    fs::write(
        plugin.join("src/lib.rs"),
        format!("treenail::plugin!(); {code}"),
    )
    .expect("written");
    let composition = "treenail = 1\n[host]\n[plugins]\nchat = \"1\"\n";
    fs::write(host.join("plugins.toml"), composition).expect("written");
    let told = check(&host, &[]).into_iter();
    let told = told.map(|error| error.lines().next().unwrap_or_default().to_owned());
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "invalid TOML: duplicate key [TN0001]",
            "there is no plugin `chat` [TN0105]"
        ]
    );
}

#[test]
fn a_forgotten_plugin_is_one_error_for_a_component() {
    let (host, plugin) = mail("a_forgotten_plugin");
    fs::write(plugin, SMTP).expect("written");
    assert_eq!(check(&host, &[]), ["`Smtp` is not declared as a component"]);
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
    assert_eq!(check(&host, &[]), [expected]);
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
    assert_eq!(check(&host, &[]), [""; 0]);
    fs::write(host.join("build.rs"), "fn main() {}").expect("written");
    let errors = check(&host, &[]);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(
        errors[0].contains("a build.rs next to its Cargo.toml"),
        "{errors:#?}"
    );
}

#[test]
fn a_type_that_the_host_does_not_have_is_one_error_until_one_of_both_is_changed() {
    let (host, _) = mail("a_type_of_the_host");
    rename(&host, "misspelt");
    let manifest = "treenail = 1\n[host]\n[plugins]\nmail = { enabled = false }\n[[component]]\ntype = \"crate::Smpt\"\n";
    fs::write(host.join("plugins.toml"), manifest).expect("written");
    let code = format!("treenail::compose!(); {SMTP}");
    fs::write(host.join("src/lib.rs"), &code).expect("written");
    let told = check(&host, &[]).into_iter();
    let told = told.map(|error| error.lines().next().unwrap_or_default().to_owned());
    let expected = ["there is no type `Smpt` in this package [TN0106]"];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    fs::write(host.join("src/lib.rs"), code.replace("Smtp", "Smpt")).expect("written");
    assert_eq!(check(&host, &[]), [""; 0]);
}

#[test]
fn a_path_to_nothing_is_told_before_rustc_finds_it() {
    let manifest = "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Smtp\"\n\
                    requires = { wire = \"dyn wire::Wire\", clock = \"dyn wire::Clock\" }\nconfig = \"crate::Rules\"\n";
    let host = Packages::of_manifest(manifest.into()).expect("packages");
    let host = host.write("a_path_to_nothing");
    let plugin = host.with_file_name("mail-1.0.0");
    let contract = host.with_file_name("wire-1.0.0").join("src/lib.rs");
    let code = "treenail::plugin!();
        #[derive(serde::Deserialize, schemars::JsonSchema)] pub struct Rules { pub port: u16 }
        pub struct Smtp { pub wire: std::sync::Arc<dyn wire::Wire>, pub port: u16 }
        impl treenail::Component for Smtp {
            async fn build(deps: treenail::Deps<Self>, config: treenail::Config<Self>) -> treenail::Result<Self> {
                deps.clock.tick();
                Ok(Self { wire: deps.wire, port: config.port })
            }
        }";
    let contract_code = "pub trait Wire: Send + Sync {}\n\
                         pub trait Clock: Send + Sync { fn tick(&self); }\n";
    fs::write(plugin.join("src/lib.rs"), code).expect("written");
    fs::write(contract, contract_code).expect("written");
    let mut told = Vec::new();
    for (right, wrong) in [
        ("crate::Smtp", "crate::Smpt"),
        ("dyn wire::Wire", "dyn wire::Wirr"),
        ("dyn wire::Clock", "wire::Clock"),
        ("crate::Rules", "crate::Ruels"),
    ] {
        fs::write(plugin.join("plugins.toml"), manifest.replace(right, wrong)).expect("written");
        let errors = check(&host, &[]).into_iter();
        told.extend(errors.map(|error| error.lines().next().unwrap_or_default().to_owned()));
    }
    assert_eq!(
        told,
        [
            "there is no type `Smpt` in this package [TN0106]",
            "there is no trait `Wirr` in `wire` [TN0106]",
            "`wire::Clock` is a trait, and no type [TN0008]",
            "there is no type `Ruels` in this package [TN0106]",
        ]
    );
}
