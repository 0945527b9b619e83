//! What a composition has of registries: their entries, and those that are known and not there.

use std::collections::BTreeMap;

use super::cases::compose_files;
use crate::front::composed::Composed;
use crate::model::{EntryOff, EntryPath, Form, Registry};
use crate::testing::Case;

fn registry<'c>(composed: &'c Composed, name: &str) -> &'c Registry {
    let messages: Vec<&str> = (composed.messages().iter())
        .map(|one| one.text.as_str())
        .collect();
    let plan = composed.composition();
    let plan = plan.unwrap_or_else(|| panic!("no composition:\n{}", messages.join("\n")));
    let mut registries = plan.registries.iter();
    registries
        .find(|one| one.display == name)
        .expect("the registry")
}

/// Each entry on a line: whose it is, what it is, and what makes it.
fn entries(composed: &Composed, name: &str) -> Vec<String> {
    let plan = composed.composition().expect("a composition");
    let entries = registry(composed, name).entries.iter();
    let lines = entries.map(|entry| {
        let what = match &entry.what {
            EntryPath::Value(path) => format!("value {}", path.value),
            EntryPath::Type(path) => format!("type {}", path.value),
        };
        let made = entry.made.map(|made| plan.components[made].id.as_str());
        let plugin = &plan.plugins[entry.plugin].id;
        let (key, number) = (&entry.key, entry.number);
        format!(
            "{key} {plugin} {number} {what} {}",
            made.unwrap_or_default()
        )
    });
    lines.map(|line| line.trim_end().to_owned()).collect()
}

/// Each entry that is not there on a line: whose it would be, and why it is not.
fn left_out(composed: &Composed, name: &str) -> Vec<String> {
    let left_out = registry(composed, name).left_out.iter();
    let lines = left_out.map(|entry| {
        let why = match &entry.off {
            EntryOff::Features(features) => features.join(","),
            EntryOff::Platform => "platform".to_owned(),
            EntryOff::Unfit => "unfit".to_owned(),
            EntryOff::Off(_) => "off".to_owned(),
        };
        format!("{} {} {why}", entry.key, entry.plugin)
    });
    lines.collect()
}

const HOST: &str = r#"
# package desk 1.0.0: depends on guard, other = tenant, old, web = proxy-api, treenail
treenail = 1
[host]
[plugins]
old = { version = "^2", optional = true }
[[component]]
type = "crate::Proxy"
requires = { filters = { registry = "web::HttpFilters" }, none = { registry = "web::Empty" } }
[registry."web::HttpFilters"]
cors = { value = "web::cors", description = "of a crate without a manifest", attributes = { b = "2", a = "1" } }
banner = { from = "tenant" }
slow = false
[overlay.test.registry."web::HttpFilters"]
cors = "crate::Cors"
slow = { from = "guard", priority = "force" }
[lints]
empty_registry = "allow"
left_out = "allow"
# package guard 0.3.0: depends on proxy-api, treenail; declares gzip
treenail = 1
[plugin]
id = "guard"
[[component]]
type = "crate::Pool"
[registry."proxy_api::HttpFilters"]
gzip = { value = "crate::gzip", when = { feature = "gzip" } }
windows = { value = "crate::windows", when = 'cfg(windows)' }
callout = { type = "crate::Callout", requires = { pool = "crate::Pool" } }
slow = { type = "crate::Slow", requires = { pool = "crate::Pool" } }
banner = { value = "crate::banner" }
# package tenant 0.1.0: depends on api = proxy-api
treenail = 1
[plugin]
id = "tenant"
[registry."api::HttpFilters"]
banner = { value = "crate::banner" }
# package old 1.0.0: depends on proxy-api, treenail
treenail = 1
[plugin]
id = "old"
[registry."proxy_api::HttpFilters"]
older = { value = "crate::older" }
# package proxy-api 0.7.0
# package treenail 0.1.0
"#;

#[test]
fn entries_of_all_crates_are_in_one_registry_by_key() {
    let outcome = Case::parse(HOST).cfg(["unix"]).compose();
    let composed = outcome.composed();
    let name = "web::HttpFilters";
    assert_eq!(
        entries(composed, name),
        [
            "banner tenant 0 value crate::banner",
            "callout guard 2 type crate::Callout guard:proxy_api::HttpFilters(callout)",
            "cors app 0 value web::cors",
        ]
    );
    assert_eq!(
        left_out(composed, name),
        [
            "banner guard off",
            "gzip guard guard/gzip",
            "older old unfit",
            "slow guard off",
            "windows guard platform",
        ]
    );
    let registry = registry(composed, name);
    assert_eq!(registry.key, "proxy-api@0.7.0::HttpFilters");
    assert_eq!(registry.host_path.as_deref(), Some("::web::HttpFilters"));
    let paths = registry.entries.iter().map(|one| one.host_path.as_deref());
    assert_eq!(
        paths.collect::<Vec<_>>(),
        [
            Some("::other::banner"),
            Some("::guard::Callout"),
            Some("::web::cors")
        ]
    );
    let cors = &registry.entries[2];
    let attributes = [("b", "2"), ("a", "1")].map(|(name, text)| (name.into(), text.into()));
    assert_eq!(cors.attributes, attributes);
    let known: Vec<_> = composed.entries().collect();
    assert_eq!(known[1], (name, "callout", "guard"));
    let components: Vec<_> = composed.components().collect();
    assert_eq!(components, ["guard:Pool", "app:Proxy"]);
}

#[test]
fn who_asks_for_a_registry_comes_after_what_makes_its_entries() {
    let outcome = Case::parse(HOST).cfg(["unix"]).compose();
    let plan = outcome.composed().composition().expect("a composition");
    let ids: Vec<&str> = plan.components.iter().map(|one| one.id.as_str()).collect();
    let callout = "guard:proxy_api::HttpFilters(callout)";
    assert_eq!(ids, ["guard:Pool", callout, "app:Proxy"]);
    let proxy = plan.components.iter().last().expect("the last one");
    let asked: Vec<_> = (proxy.needs.iter())
        .map(|need| {
            let registry = need
                .registry
                .map(|one| plan.registries[one].display.as_str());
            (need.form, registry, need.providers.len())
        })
        .collect();
    assert_eq!(
        asked,
        [
            (Form::Registry, Some("web::HttpFilters"), 1),
            (Form::Registry, Some("web::Empty"), 0)
        ]
    );
    let of_registries = |name: &str| plan.services.iter().any(|one| one.display == name);
    assert!(of_registries("web::HttpFilters"));
}

#[test]
fn an_overlays_entry_takes_the_place_of_the_hosts_and_its_choice_is_stronger() {
    let outcome = Case::parse(HOST).cfg(["unix"]).overlay("test").compose();
    assert_eq!(
        entries(outcome.composed(), "web::HttpFilters")[1..],
        [
            "callout guard 2 type crate::Callout guard:proxy_api::HttpFilters(callout)",
            "cors app 0 type crate::Cors",
            "slow guard 3 type crate::Slow guard:proxy_api::HttpFilters(slow)",
        ]
    );
}

#[test]
fn what_is_said_of_entries_is_in_the_digest() {
    let digest = |text: &str| {
        let outcome = Case::parse(text).cfg(["unix"]).compose();
        let digest = outcome.composed().digest().map(str::to_owned);
        digest.unwrap_or_else(|| panic!("{}", outcome.text()))
    };
    let first = digest(HOST);
    for (was, is) in [
        ("b = \"2\"", "b = \"3\""),
        ("\ncors = ", "\nCors = "),
        ("of a crate without", "of the crate without"),
        ("crate::Callout", "crate::Call"),
        ("value = \"web::cors\"", "type = \"web::cors\""),
        ("windows = {", "macos = {"),
        ("from = \"tenant\"", "from = \"guard\""),
    ] {
        assert!(HOST.contains(was), "{was}");
        assert_ne!(digest(&HOST.replace(was, is)), first, "{was}");
    }
}

/// A library, or a program, with a manifest of Cargo's.
fn package(files: &mut BTreeMap<String, Vec<u8>>, name: &str, cargo: &str, manifest: &str) {
    let mut put = |file: &str, text: &str| {
        files.insert(format!("{name}/{file}"), text.as_bytes().to_vec());
    };
    let metadata = match manifest {
        "" => "",
        _ => "[package.metadata.treenail]\nmanifest = \"plugins.toml\"\n",
    };
    let cargo = format!(
        "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n{metadata}{cargo}"
    );
    put("Cargo.toml", &cargo);
    put("src/lib.rs", "");
    if !manifest.is_empty() {
        put("plugins.toml", manifest);
    }
}

#[test]
fn what_lies_in_a_dependency_that_is_off_is_left_out_with_the_feature_that_would_bring_it() {
    let mut files = BTreeMap::new();
    let host = "[features]\nfs = [\"dep:service-fs\"]\ntenant = [\"dep:tenant\"]\n[dependencies]\n\
        api = { path = \"../api\" }\nguard = { path = \"../guard\" }\n\
        service-fs = { path = \"../service-fs\", optional = true }\n\
        tenant = { path = \"../tenant\", optional = true }\n\
        extra = { path = \"../extra\", optional = true }\n\
        [target.'cfg(windows)'.dependencies]\nregistry-keys = { path = \"../registry-keys\" }\n";
    package(
        &mut files,
        "desk",
        host,
        "treenail = 1\n[host]\n[registry.\"api::Stores\"]\nfs = \"service_fs::Fs\"\nmemory = \"crate::Memory\"\n\
         keys = \"registry_keys::Keys\"\n[registry.\"extra::Nothing\"]\nx = \"crate::Memory\"\n",
    );
    let guard = "[features]\nzip = [\"dep:zipper\"]\n[dependencies]\napi = { path = \"../api\" }\n\
        zipper = { path = \"../zipper\", optional = true }\n";
    package(
        &mut files,
        "guard",
        guard,
        "treenail = 1\n[plugin]\nid = \"guard\"\n[registry.\"api::Stores\"]\nzip = \"zipper::Zip\"\nplain = \"crate::Plain\"\n",
    );
    package(
        &mut files,
        "tenant",
        "[dependencies]\ncontract = { package = \"api\", path = \"../api\" }\n",
        "treenail = 1\n[plugin]\nid = \"tenant\"\n[registry.\"contract::Stores\"]\ntenant = \"crate::Tenant\"\n",
    );
    for name in ["api", "service-fs", "zipper", "extra", "registry-keys"] {
        package(&mut files, name, "", "");
    }
    let composed = compose_files(&files);
    let name = "api::Stores";
    assert_eq!(
        left_out(&composed, name),
        [
            "fs app fs",
            "keys app platform",
            "tenant tenant tenant",
            "zip guard guard/zip",
        ]
    );
    assert_eq!(
        entries(&composed, name),
        [
            "memory app 1 type crate::Memory",
            "plain guard 1 type crate::Plain",
        ]
    );
    let plan = composed.composition().expect("a composition");
    assert_eq!(plan.registries.iter().count(), 1);
    assert!(plan.plugins.iter().all(|plugin| !plugin.has_runtime));
}

#[test]
fn a_key_of_a_megabyte_is_refused_in_few_words() {
    let key = "x".repeat(1 << 20);
    let manifest = format!(
        "treenail = 1\n[host]\n[registry.\"api::Stores\"]\n\"{key}\" = {{ value = \"crate::x\" }}\n\
         {} = {{ value = \"crate::x\" }}\n",
        "y".repeat(4096)
    );
    let messages = crate::check_manifest("plugins.toml", manifest.as_bytes());
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].title, "the key of an entry has 1048576 bytes");
    assert!(messages[0].text.len() < 2000, "{}", messages[0].text.len());
}

#[test]
fn without_sources_a_path_that_one_manifest_alone_has_is_a_slip_for_one_that_several_have() {
    let text = HOST.replace("web::Empty", "web::HttpFilter");
    let outcome = Case::parse(&text).cfg(["unix"]).compose();
    outcome.assert_codes(["TN0106"]);
    outcome.assert_says("TN0106", "did you mean `web::HttpFilters`?");
    // Two manifests against one show nothing where the one has both.
    let text = HOST.replace("web::Empty", "web::HttpFiltersOfTcp");
    let outcome = Case::parse(&text).cfg(["unix"]).compose();
    outcome.assert_codes([""; 0]);
}

#[test]
fn the_inputs_of_an_entry_that_could_not_be_read_have_a_stand_in() {
    let text = HOST.replace(
        "cors = { value = \"web::cors\"",
        "cors = { value = \"crate::made::Cors\", requires = {}",
    );
    let outcome = Case::parse(&text).cfg(["unix"]).compose();
    outcome.assert_codes(["TN0009"]);
    let stand_in = (outcome.composed()).refused(|_, _| Some("compile_error!()".to_owned()));
    assert!(stand_in.contains("pub type CorsDeps = "), "{stand_in}");
}
