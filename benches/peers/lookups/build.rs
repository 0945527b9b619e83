//! Prints the sets of keys: for treenail as a manifest, for the others as Rust.

use std::fmt::Write as _;
use std::path::PathBuf;

const SIZES: [usize; 4] = [5, 40, 400, 1000];

const FIRST: [&str; 45] = [
    "access", "async", "audit", "auto", "basic", "batch", "body", "buffer", "cache", "client",
    "cloud", "config", "cookie", "credit", "data", "delta", "disk", "edge", "event", "fast",
    "file", "grpc", "header", "health", "host", "http", "idle", "json", "kafka", "key", "load",
    "local", "log", "memory", "metric", "peer", "proxy", "query", "rate", "request", "retry",
    "route", "schema", "session", "trace",
];

const SECOND: [&str; 45] = [
    "adapter",
    "aggregator",
    "balancer",
    "bridge",
    "builder",
    "checker",
    "codec",
    "collector",
    "compressor",
    "connector",
    "counter",
    "decoder",
    "encoder",
    "encryptor",
    "exporter",
    "filter",
    "forwarder",
    "guard",
    "handler",
    "importer",
    "injector",
    "limit",
    "listener",
    "logger",
    "mapper",
    "merger",
    "mirror",
    "monitor",
    "node",
    "parser",
    "policy",
    "pool",
    "printer",
    "processor",
    "reader",
    "receiver",
    "rewriter",
    "router",
    "sampler",
    "scanner",
    "sink",
    "source",
    "splitter",
    "store",
    "writer",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("Cargo sets it"));
    let (mut manifest, mut code) = ("treenail = 1\n\n[host]\n".to_owned(), String::new());
    for number in 0..SIZES[3] {
        let _ = writeln!(
            code,
            "pub fn f{number}(number: u64) -> u64 {{ number ^ {number} }}"
        );
    }
    for (kind, name) in [("plain", plain as fn(usize) -> String), ("urn", urn)] {
        for size in SIZES {
            let keys: Vec<String> = (0..size).map(name).collect();
            let misses: Vec<String> = (SIZES[3]..SIZES[3] + size).map(name).collect();
            set(
                &format!("{kind}_{size}"),
                &keys,
                &misses,
                &mut manifest,
                &mut code,
            );
        }
    }
    std::fs::write(out.join("plugins.toml"), manifest).expect("written");
    std::fs::write(out.join("sets.rs"), code).expect("written");
    treenail_build::Composer::build_script()
        .manifest(out.join("plugins.toml"))
        .generate();
}

/// No two numbers up to 2024 have the same name: 1234 and 2025 have no common divisor.
fn plain(number: usize) -> String {
    let at = number * 1234 % (FIRST.len() * SECOND.len());
    format!("{}_{}", FIRST[at / SECOND.len()], SECOND[at % SECOND.len()])
}

fn urn(number: usize) -> String {
    format!("urn:acme:filters:{}:1.0", plain(number))
}

/// One set of keys, under each of the ways to register.
fn set(name: &str, keys: &[String], misses: &[String], manifest: &mut String, code: &mut String) {
    // linkme's macros of one crate are in one name space.
    let slice_name = name.to_uppercase();
    let mut map = phf_codegen::Map::new();
    let (mut slice, mut submitted) = (String::new(), String::new());
    let _ = writeln!(manifest, "\n[registry.\"crate::sets::{name}::Set\"]");
    for (number, key) in keys.iter().enumerate() {
        let _ = writeln!(
            manifest,
            "\"{key}\" = {{ value = \"crate::sets::f{number}\" }}"
        );
        map.entry(key, format!("f{number} as Entry"));
        let _ = writeln!(
            slice,
            "#[linkme::distributed_slice({name}::{slice_name})] static {name}_{number}: (&str, Entry) = (\"{key}\", f{number});"
        );
        let _ = writeln!(
            submitted,
            "inventory::submit! {{ {name}::Submitted(\"{key}\", f{number}) }}"
        );
    }
    let _ = writeln!(
        code,
        "pub mod {name} {{
    use super::*;
    pub struct Set;
    impl treenail::Registry for Set {{ type Entry = Entry; }}
    pub const KEYS: &[&str] = &{keys:?};
    pub const MISSES: &[&str] = &{misses:?};
    pub const ENTRIES: &[Entry] = &{};
    pub static PHF: phf::Map<&'static str, Entry> = {};
    #[linkme::distributed_slice]
    pub static {slice_name}: [(&'static str, Entry)];
    pub fn linkme() -> impl Iterator<Item = (&'static str, Entry)> {{ {slice_name}.iter().copied() }}
    pub struct Submitted(pub &'static str, pub Entry);
    inventory::collect!(Submitted);
    pub fn inventory() -> impl Iterator<Item = (&'static str, Entry)> {{
        inventory::iter::<Submitted>().map(|one| (one.0, one.1))
    }}
}}
{slice}{submitted}",
        entries(keys.len()),
        map.build(),
    );
}

fn entries(count: usize) -> String {
    let all: Vec<String> = (0..count).map(|number| format!("f{number}")).collect();
    format!("[{}]", all.join(", "))
}
