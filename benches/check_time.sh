#!/usr/bin/env bash
# What `cargo treenail check` costs: N plugins, each with three requirements of earlier ones, all of them right, and then
# with a mistake in every tenth. The aim: in proportion to N, and under half a second for 1000 plugins.
#
# The setting: a host whose N plugins are path packages, one manifest each, as Cargo reports them. What cargo and rustc do
# themselves is left out: their answers are recorded once and handed over by a stand-in. Everything else is included:
# reading Cargo's answer, reading and parsing the manifests, the analysis, and the messages. Of seven runs the least counts.
#
# benches/check_time.sh [N...]        by default 250, 1000 and 4000
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 250 1000 4000

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
wait4 = "0.2"
T
cp benches/check_time/program.rs "$work/program/src/main.rs"
CARGO_TARGET_DIR="$work/target" cargo build --quiet --release --manifest-path "$work/program/Cargo.toml"
"$work/target/release/check_time" "$check" "$work" "$@"
