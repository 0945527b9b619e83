#!/usr/bin/env bash
# The gatehouse as it is composed, beside the one by hand: lines of code (no comments, no blank lines, no tests), crates in the
# tree, processor time of a clean build and of one after a change in the desk, size of the release binary, and resident memory of
# the release program two seconds after its start. Of the builds, the median of so many runs. Downloads are made first.
#
#   examples/gatehouse/compare.sh [RUNS]        default: 3
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
cd "$(dirname "$0")"
runs=${1:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target" GATEHOUSE_TOKEN=only-for-the-comparison
TIMEFORMAT='%U'

composed=(src build.rs api/src plugins/*/src)
by_hand=(by-hand/src)

# Lines that are neither blank nor a comment.
lines() { grep -hvE "^\s*($|$1)" "${@:2}" | wc -l; }
rust() { find "$@" -name '*.rs' -print0 | xargs -0 grep -hvE '^\s*($|//)' | wc -l; }
crates() { cargo tree -p "$1" -e "$2" --prefix none --format '{p}' | sed 's/ (.*//' | sort -u | wc -l; }
build() { { time cargo build --quiet --jobs 2 "$@" 2>"$work/log"; } 2>&1 || { cat "$work/log" >&2; exit 1; }; }
median() { sort -n | sed -n "$((runs / 2 + 1))p"; }
clean() { for ((run = 0; run < runs; run++)); do rm -rf "$CARGO_TARGET_DIR"; build -p "$1"; done | median; }
changed() { for ((run = 0; run < runs; run++)); do touch "$2"; build -p "$1"; done | median; }

# So many kilobytes of memory a program takes that was started with this configuration.
resident() {
  "$CARGO_TARGET_DIR/release/$1" "$2" >/dev/null 2>"$work/log" &
  sleep 2
  awk '/VmRSS/ {print $2}' "/proc/$!/status"
  kill "$!"
  wait "$!"
}

row() { printf '| %s | %s | %s |\n' "$@"; }

cargo fetch --quiet
cat >"$work/composed.yml" <<END
gatehouse: { components: { "http:Server": { listen: "127.0.0.1:0", token: "$GATEHOUSE_TOKEN" }, "file:Store": { path: "$work/list" } } }
END
cat >"$work/by-hand.yml" <<END
{ listen: "127.0.0.1:0", token: "$GATEHOUSE_TOKEN", keep: { file: { path: "$work/list" } } }
END

row "" "composed" "by hand"
row "---" "---" "---"
row "lines of Rust" "$(rust "${composed[@]}")" "$(rust "${by_hand[@]}")"
row "lines of plugins.toml" "$(lines '#' plugins.toml plugins/*/plugins.toml)" 0
row "lines of Cargo.toml" "$(lines '#' Cargo.toml api/Cargo.toml plugins/*/Cargo.toml)" "$(lines '#' by-hand/Cargo.toml)"
row "crates in the program" "$(crates gatehouse normal,no-proc-macro)" "$(crates gatehouse-by-hand normal,no-proc-macro)"
row "crates to build it" "$(crates gatehouse normal,build)" "$(crates gatehouse-by-hand normal,build)"
clean_composed=$(clean gatehouse)
changed_composed=$(changed gatehouse plugins/desk/src/component.rs)
manifest_composed=$(changed gatehouse plugins/desk/plugins.toml)
clean_by_hand=$(clean gatehouse-by-hand)
changed_by_hand=$(changed gatehouse-by-hand by-hand/src/desk.rs)
row "clean build, user s" "$clean_composed" "$clean_by_hand"
row "after a change in the desk's code, user s" "$changed_composed" "$changed_by_hand"
row "after a change in the desk's manifest, user s" "$manifest_composed" "has none"
build --release -p gatehouse -p gatehouse-by-hand >/dev/null
size() { awk "BEGIN {printf \"%.1f\", $(stat -c %s "$CARGO_TARGET_DIR/release/$1") / 1000000}"; }
row "release binary, MB" "$(size gatehouse)" "$(size gatehouse-by-hand)"
row "idle, resident MB" \
  "$(resident gatehouse "$work/composed.yml" | awk '{printf "%.1f", $1 / 1024}')" \
  "$(resident gatehouse-by-hand "$work/by-hand.yml" | awk '{printf "%.1f", $1 / 1024}')"
