#!/usr/bin/env bash
# What a host with one component costs before its own first line: the crates in its tree (normal and build dependencies,
# itself excluded), and the wall and processor time of a clean build in the dev profile with two jobs; the median of
# three builds. On a busy machine only the processor time means much. Downloads are made first and not counted.
#
#   benches/minimal_host.sh [NAME ...]        default: all of them
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
cd "$(dirname "$0")/peers"
hosts=("$@")
if [ $# -eq 0 ]; then hosts=(hand linkme nject shaku registries generated treenail lockjaw); fi
runs=3
# Nobody builds a published dependency incrementally; those of this repository, which are found by path, would be.
export CARGO_INCREMENTAL=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"
TIMEFORMAT='%R %U'

crates() {
  cargo tree -p "minimal_$1" -e "$2" --prefix none --format '{p}' | sed 's/ (\*)$//' | sort -u | tail -n +2 | wc -l
}

clean_build() {
  rm -rf "$CARGO_TARGET_DIR"
  { time cargo build --quiet --jobs 2 -p "minimal_$1" 2>"$work/log"; } 2>&1 || { cat "$work/log" >&2; exit 1; }
}

cargo fetch --quiet
printf '%-10s %8s %14s %14s %14s\n' host crates 'at run time' 'wall s' 'user s'
for host in "${hosts[@]}"; do
  read -r wall user < <(for ((run = 0; run < runs; run++)); do clean_build "$host"; done | sort -n | sed -n "$((runs / 2 + 1))p")
  printf '%-10s %8s %14s %14s %14s\n' "$host" "$(crates "$host" normal,build)" "$(crates "$host" normal,no-proc-macro)" "$wall" "$user"
done
