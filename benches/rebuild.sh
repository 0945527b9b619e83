#!/usr/bin/env bash
# Shows on two copies of this work tree, at different paths, what is built again and what is not:
#
#   1. a second build of examples/hello compiles nothing;
#   2. a change of one plugin's manifest compiles that plugin and its host, and nothing else;
#   3. the two copies generate the same composition, byte for byte.
#
#   benches/rebuild.sh [PACKAGE]        a host whose compositions are compared besides hello's
#
# Exit status 1 at the first of them that does not hold.
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
unset CARGO_TARGET_DIR
repo=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is in the work tree and not ignored, committed or not.
copy() {
  mkdir -p "$1"
  (
    cd "$repo"
    git ls-files -z --cached --others --exclude-standard |
      while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
      tar --null --files-from - --create
  ) | tar --extract --directory "$1"
}

# build FOLDER PACKAGE: builds, and prints the names of the packages that were compiled.
build() {
  if ! cargo build --manifest-path "$1/Cargo.toml" -p "$2" >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
  fi
  sed -n 's/^ *Compiling \([^ ]*\) .*/\1/p' "$work/log" | sort | paste -sd ' ' -
}

expect() {
  if [ "$2" != "$3" ]; then
    printf '%s: compiled "%s" where "%s" was expected\n' "$1" "$2" "$3"
    exit 1
  fi
  printf '%s: compiled %s\n' "$1" "${2:-nothing}"
}

# same PACKAGE: whether both copies generated the same file for it.
same() {
  local one two
  one=$(find "$work/one/target/debug/build" -path "*/$1-*/out/treenail.rs")
  two=$(find "$work/somewhere/else/two/target/debug/build" -path "*/$1-*/out/treenail.rs")
  cmp "$one" "$two"
  printf '%s in two places: the same %s bytes\n' "$1" "$(wc -c <"$one" | tr -d ' ')"
}

copy "$work/one"
copy "$work/somewhere/else/two"
build "$work/one" hello >/dev/null
expect "hello again" "$(build "$work/one" hello)" ""
build "$work/somewhere/else/two" hello >/dev/null
same hello
if [ $# -gt 0 ]; then
  build "$work/one" "$1" >/dev/null
  build "$work/somewhere/else/two" "$1" >/dev/null
  same "$1"
fi
manifest="$work/one/examples/hello/greeter/plugins.toml"
sed 's/^description = .*/description = "Says hello, and means it"/' "$manifest" >"$work/changed"
cp "$work/changed" "$manifest"
expect "after a change of greeter's manifest" "$(build "$work/one" hello)" "greeter hello"
expect "and again" "$(build "$work/one" hello)" ""
