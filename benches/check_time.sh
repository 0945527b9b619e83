#!/usr/bin/env bash
# What `cargo treenail check` costs beside parsing the same TOML: N plugins, each with three requirements of earlier ones,
# all of them right, and then with a mistake in every tenth.
#
# The setting: a host whose N plugins are path packages, one manifest each, as Cargo reports them. What cargo and rustc do
# themselves is left out: their answers are recorded once and handed over by a stand-in. Everything else is included:
# reading Cargo's answer, reading and parsing the manifests, the analysis, and the messages. The yardstick is a program that
# reads the same manifests and parses each with the toml crate, to a `toml::Table`; its time is given with and without
# reading the files. Of seven runs the least counts. Processor time is that of all threads.
#
# benches/check_time.sh [N...]        by default 1000, 3000 and 10000
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 1000 3000 10000

cargo build --quiet --release --locked -p cargo-treenail
check=${CARGO_TARGET_DIR:-$PWD/target}/release/cargo-treenail

mkdir -p "$work/program/src"
cat > "$work/program/Cargo.toml" <<'T'
[package]
name = "check_time"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
toml = { version = "1.2", default-features = false, features = ["parse", "serde", "std"] }
wait4 = "0.2"
T
cp benches/check_time/program.rs "$work/program/src/main.rs"
CARGO_TARGET_DIR="$work/target" cargo build --quiet --release --manifest-path "$work/program/Cargo.toml"
"$work/target/release/check_time" "$check" "$work" "$@"
