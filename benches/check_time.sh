#!/usr/bin/env bash
# What `cargo treenail check` costs beside parsing the same TOML: N plugins, each with three requirements of earlier ones.
#
# The setting: a host whose N plugins are path packages, one manifest each, as Cargo reports them. Cargo's own work is left
# out: its answer is recorded once and handed over by a stand-in for cargo. What is measured is the processor time of
# `cargo treenail check` alone, everything else included: reading Cargo's answer, reading and parsing the manifests, and the
# analysis. Beside it stands a program that reads the same manifests and parses each with the toml crate, to a `toml::Table`;
# its time is given with and without reading the files.
#
# benches/check_time.sh [N...]        by default 1000 and 10000
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 1000 10000

cargo build --quiet --release --locked -p cargo-treenail
check=$PWD/target/release/cargo-treenail

mkdir -p "$work/parse/src"
cat > "$work/parse/Cargo.toml" <<'T'
[package]
name = "parse"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
toml = { version = "1.2", default-features = false, features = ["parse", "serde", "std"] }
T
cat > "$work/parse/src/main.rs" <<'T'
use std::time::Instant;

fn main() {
    let start = Instant::now();
    let list = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let texts: Vec<String> = list.lines().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let read = start.elapsed();
    let tables: Vec<toml::Table> = texts.iter().map(|text| toml::from_str(text).unwrap()).collect();
    assert_eq!(tables.len(), texts.len());
    println!("{} {}", (start.elapsed() - read).as_millis(), start.elapsed().as_millis());
}
T
(cd "$work/parse" && cargo build --quiet --release)

# Packages below $1, $2 of them.
generate() {
  local root=$1 count=$2 number field other needs
  mkdir -p "$root/host/src" "$root/contract/src"
  : > "$root/host/src/lib.rs"; : > "$root/contract/src/lib.rs"
  printf '[package]\nname = "contract"\nversion = "1.0.0"\nedition = "2024"\n' > "$root/contract/Cargo.toml"
  printf 'treenail = 1\n\n[host]\n' > "$root/host/plugins.toml"
  {
    printf '[package]\nname = "host"\nversion = "1.0.0"\nedition = "2024"\n[dependencies]\ncontract = { path = "../contract" }\n'
    for ((number = 0; number < count; number++)); do printf 'p%d = { path = "../p%d" }\n' $number $number; done
  } > "$root/host/Cargo.toml"
  for ((number = 0; number < count; number++)); do
    needs=
    for ((field = 0; field < 3 && number > 0; field++)); do
      other=$(((number * 7 + field * 13 + 1) % number))
      needs+="${needs:+, }r$field = \"dyn contract::S$other\""
    done
    mkdir -p "$root/p$number/src"
    : > "$root/p$number/src/lib.rs"
    printf '[package]\nname = "p%d"\nversion = "1.0.0"\nedition = "2024"\n[package.metadata.treenail]\nmanifest = "plugins.toml"\n[dependencies]\ncontract = { path = "../contract" }\n' $number > "$root/p$number/Cargo.toml"
    printf 'treenail = 1\n\n[plugin]\nid = "p%d"\ndescription = "Plugin number %d"\napi = { contract = "^1.0" }\n\n[[component]]\ntype = "crate::C%d"\nprovides = ["dyn contract::S%d"]\nrequires = { %s }\n' \
      $number $number $number $number "$needs" > "$root/p$number/plugins.toml"
  done
}

# Processor time of a command in milliseconds, its children aside, and its memory in megabytes; the least of five runs.
least() {
  local best= memory= run
  for run in 1 2 3 4 5; do
    "$@" > /dev/null 2> "$work/errors" &
    local pid=$! ticks=0 now high=0 memory_now
    while now=$(awk '{ print $14 + $15 }' "/proc/$pid/stat" 2>/dev/null) && [ -n "$now" ]; do
      ticks=$now
      memory_now=$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null || true)
      high=${memory_now:-$high}
      sleep 0.002
    done
    wait "$pid" || { cat "$work/errors"; exit 1; }
    now=$((ticks * 1000 / $(getconf CLK_TCK)))
    if [ -z "$best" ] || [ "$now" -lt "$best" ]; then best=$now; memory=${high:-0}; fi
  done
  echo "$best $memory"
}

echo "plugins  requirements  parse ms  read+parse ms  check ms  check/parse  check/(read+parse)  check MB"
for count in "$@"; do
  root=$work/$count
  generate "$root" "$count"
  (cd "$root/host" && cargo metadata --format-version 1 --offline > "$root/answer.json" 2> /dev/null)
  (cd "$root/host" && cargo metadata --format-version 1 --offline --no-deps > "$root/packages.json")
  printf '#!/bin/sh\ncase "$*" in *--no-deps*) exec cat %q;; *) exec cat %q;; esac\n' "$root/packages.json" "$root/answer.json" > "$root/cargo"
  chmod +x "$root/cargo"
  find "$root" -name plugins.toml > "$root/list"
  parse=; both=
  for run in 1 2 3 4 5; do
    read -r one all < <("$work/parse/target/release/parse" "$root/list")
    if [ -z "$parse" ] || [ "$one" -lt "$parse" ]; then parse=$one; fi
    if [ -z "$both" ] || [ "$all" -lt "$both" ]; then both=$all; fi
  done
  read -r time memory < <(CARGO="$root/cargo" least "$check" check --manifest-path "$root/host/Cargo.toml")
  awk -v c="$count" -v p="$parse" -v b="$both" -v t="$time" -v m="$memory" \
    'BEGIN { printf "%7d  %12d  %8d  %13d  %8d  %11.1f  %18.1f  %8d\n", c, 3 * c, p, b, t, t / (p ? p : 1), t / (b ? b : 1), m }'
done
