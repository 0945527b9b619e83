#!/usr/bin/env bash
# What registries cost a build, beside linkme and inventory with a HashMap that the program fills from them. Two tables:
#
#   1. rustc's user seconds for one crate with N functions under N keys, in the dev profile, from nothing, with everything it
#      depends on built before; the median of three. "parts" are the functions alone.
#   2. A clean build of the same small program, a contract crate, three crates with four entries each and a host that looks
#      one up, with two jobs; the median of three: user and wall seconds, the crates that are compiled, and those of them
#      that end up in the program. On a busy machine only the user seconds mean much.
#
#   benches/registries.sh [N ...]        default: 100 400 1000
#
# Exit status 1 if treenail's time grows faster than N. Everything is generated and built in a temporary folder; KEEP=1
# leaves it there.
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
repo=$(cd "$(dirname "$0")/.." && pwd)
sizes=("$@")
if [ $# -eq 0 ]; then sizes=(100 400 1000); fi
runs=3
work=$(mktemp -d)
if [ -z "${KEEP:-}" ]; then trap 'rm -rf "$work"' EXIT; else echo "in $work"; fi
export CARGO_TARGET_DIR="$work/target"
treenail="treenail = { path = \"$repo\", default-features = false }"
compiler="treenail-build = { path = \"$repo/crates/treenail-build\" }"
linkme='linkme = "0.3"'
inventory='inventory = "0.3"'

# package FOLDER NAME DEPENDENCY...: the Cargo.toml of a package, and an empty library.
package() {
  local folder=$1 name=$2
  shift 2
  mkdir -p "$folder/src"
  printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n' "$name" >"$folder/Cargo.toml"
  printf '%s\n' "$@" >>"$folder/Cargo.toml"
}

# composes FOLDER: makes a package a host.
composes() {
  printf '\n[build-dependencies]\n%s\n' "$compiler" >>"$1/Cargo.toml"
  echo 'fn main() { treenail_build::compose() }' >"$1/build.rs"
  printf 'treenail = 1\n\n[host]\n' >"$1/plugins.toml"
}

# The versions of the project's own lock file, with what only this script needs besides.
lock() {
  cp "$repo/Cargo.lock" "$1/Cargo.lock"
}

# crate WAY N: one crate with N entries.
crate() {
  local way=$1 n=$2 i folder="$work/$1-$2"
  case $way in
    parts) package "$folder" "$way" ;;
    treenail) package "$folder" "by_$way" "$treenail" && composes "$folder" ;;
    *) package "$folder" "by_$way" "${!way}" ;;
  esac
  printf '\n[workspace]\n' >>"$folder/Cargo.toml"
  lock "$folder"
  {
    echo 'pub type Entry = fn(u64) -> u64;'
    case $way in
      treenail)
        echo 'treenail::compose!();'
        echo 'pub struct Filters;'
        echo 'impl treenail::Registry for Filters { type Entry = Entry; }'
        echo 'pub fn find(key: &str) -> Option<Entry> { registries::get::<Filters>().get(key).ok().copied() }'
        printf '\n[registry."crate::Filters"]\n' >>"$folder/plugins.toml"
        for ((i = 0; i < n; i++)); do
          printf 'filter_%s = { value = "crate::f%s" }\n' "$i" "$i" >>"$folder/plugins.toml"
        done
        ;;
      linkme)
        echo '#[linkme::distributed_slice]'
        echo 'pub static FILTERS: [(&str, Entry)];'
        echo 'pub fn all() -> std::collections::HashMap<&'"'static str, Entry> { FILTERS.iter().copied().collect() }"
        ;;
      inventory)
        echo 'pub struct Filter(&'"'static str, Entry);"
        echo 'inventory::collect!(Filter);'
        echo 'pub fn all() -> std::collections::HashMap<&'"'static str, Entry> {"
        echo '    inventory::iter::<Filter>().map(|one| (one.0, one.1)).collect()'
        echo '}'
        ;;
    esac
    for ((i = 0; i < n; i++)); do
      echo "pub fn f$i(number: u64) -> u64 { number ^ $i }"
      case $way in
        linkme) printf '#[linkme::distributed_slice(FILTERS)]\nstatic F%s: (&str, Entry) = ("filter_%s", f%s);\n' "$i" "$i" "$i" ;;
        inventory) printf 'inventory::submit! { Filter("filter_%s", f%s) }\n' "$i" "$i" ;;
      esac
    done
  } >"$folder/src/lib.rs"
}

# Stands before rustc for the generated crates only, and writes down the user seconds of each call.
cat >"$work/timed-rustc" <<'SH'
#!/usr/bin/env bash
crate=none # cargo also asks for the version
for ((i = 1; i <= $#; i++)); do
  if [ "${!i}" = --crate-name ]; then next=$((i + 1)); crate=${!next}; fi
done
TIMEFORMAT=%U
{ time "$@" 2>&3; } 3>&2 2>"$TIMES/$crate.seconds"
SH
chmod +x "$work/timed-rustc"

build() {
  if ! cargo build --quiet "$@" >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
  fi
}

median() { sort -n | sed -n "$((runs / 2 + 1))p"; }

# seconds WAY N: the median of rustc's user seconds.
seconds() {
  local name=by_$1 run
  if [ "$1" = parts ]; then name=parts; fi
  cd "$work/$1-$2"
  build
  for ((run = 0; run < runs; run++)); do
    cargo clean --quiet -p "$name"
    build
    cat "$work/$name.seconds"
  done | median
}

ways=(parts treenail linkme inventory)
echo "rustc's user seconds for a crate with N entries"
printf '%6s %10s %10s %10s %10s\n' N "${ways[@]}"
results=""
for n in "${sizes[@]}"; do
  row=""
  for way in "${ways[@]}"; do
    crate "$way" "$n"
    took=$(RUSTC_WORKSPACE_WRAPPER="$work/timed-rustc" TIMES="$work" seconds "$way" "$n")
    row+=" $took"
    if [ "$way" = treenail ]; then results+="$n $took"$'\n'; fi
  done
  # shellcheck disable=SC2086
  printf '%6s %10s %10s %10s %10s\n' "$n" $row
done

# program WAY: the small program, a workspace.
program() {
  local way=$1 folder="$work/program-$1" plugin entry dependency
  case $way in
    treenail) dependency="treenail-core = { path = \"$repo/crates/treenail-core\" }" ;;
    hand) dependency="" ;;
    *) dependency=${!way} ;;
  esac
  package "$folder/contract" contract "$dependency"
  {
    echo 'pub type Make = fn(&str) -> Box<dyn Filter>;'
    echo 'pub trait Filter { fn apply(&self, line: &str) -> String; }'
    case $way in
      treenail) printf 'pub struct Filters;\nimpl treenail_core::Registry for Filters { type Entry = Make; }\n' ;;
      linkme) printf '#[linkme::distributed_slice]\npub static FILTERS: [(&str, Make)];\n' ;;
      inventory) printf "pub struct Entry(pub &'static str, pub Make);\\ninventory::collect!(Entry);\\n" ;;
    esac
  } >"$folder/contract/src/lib.rs"
  local host_dependencies=('contract = { path = "../contract" }')
  for plugin in first second third; do
    host_dependencies+=("$plugin = { path = \"../$plugin\" }")
    case $way in
      treenail | hand) package "$folder/$plugin" "$plugin" 'contract = { path = "../contract" }' ;;
      *) package "$folder/$plugin" "$plugin" 'contract = { path = "../contract" }' "$dependency" ;;
    esac
    if [ "$way" = treenail ]; then
      printf '\n[package.metadata.treenail]\nmanifest = "plugins.toml"\n' >>"$folder/$plugin/Cargo.toml"
      printf 'treenail = 1\n\n[plugin]\nid = "%s"\n\n[registry."contract::Filters"]\n' "$plugin" >"$folder/$plugin/plugins.toml"
    fi
    {
      echo 'use contract::{Filter, Make};'
      for entry in 1 2 3 4; do
        echo "struct Filter$entry(String);"
        echo "impl Filter for Filter$entry { fn apply(&self, line: &str) -> String { format!(\"{line} $plugin$entry {}\", self.0) } }"
        echo "pub const MAKE$entry: Make = |setting| Box::new(Filter$entry(setting.to_owned()));"
        case $way in
          treenail) echo "$plugin$entry = { value = \"crate::MAKE$entry\" }" >>"$folder/$plugin/plugins.toml" ;;
          linkme) printf '#[linkme::distributed_slice(contract::FILTERS)]\nstatic ENTRY%s: (&str, Make) = ("%s", MAKE%s);\n' "$entry" "$plugin$entry" "$entry" ;;
          inventory) printf 'inventory::submit! { contract::Entry("%s", MAKE%s) }\n' "$plugin$entry" "$entry" ;;
        esac
      done
    } >"$folder/$plugin/src/lib.rs"
  done
  case $way in
    treenail) package "$folder/host" host "${host_dependencies[@]}" "$treenail" && composes "$folder/host" ;;
    hand) package "$folder/host" host "${host_dependencies[@]}" ;;
    *) package "$folder/host" host "${host_dependencies[@]}" "$dependency" ;;
  esac
  {
    case $way in
      treenail) echo 'treenail::compose!();' ;;
      hand) ;;
      *) printf 'use first as _;\nuse second as _;\nuse third as _;\n' ;;
    esac
    echo 'fn main() {'
    case $way in
      treenail) echo '    let make = registries::get::<contract::Filters>().get("second3").unwrap();' ;;
      hand)
        echo '    let mut all = std::collections::HashMap::<&str, contract::Make>::new();'
        for plugin in first second third; do
          for entry in 1 2 3 4; do echo "    all.insert(\"$plugin$entry\", $plugin::MAKE$entry);"; done
        done
        ;;
      linkme) echo '    let all: std::collections::HashMap<&str, contract::Make> = contract::FILTERS.iter().copied().collect();' ;;
      inventory) echo '    let all: std::collections::HashMap<&str, contract::Make> = inventory::iter::<contract::Entry>().map(|one| (one.0, one.1)).collect();' ;;
    esac
    if [ "$way" != treenail ]; then echo '    let make = all["second3"];'; fi
    echo '    println!("{}", make("end").apply("line"));'
    echo '}'
  } >"$folder/host/src/main.rs"
  printf '[workspace]\nresolver = "3"\nmembers = ["contract", "first", "second", "third", "host"]\n' >"$folder/Cargo.toml"
  lock "$folder"
}

crates() {
  cargo tree -p host -e "$1" --prefix none --format '{p}' | sed 's/ (\*)$//' | sort -u | wc -l
}

clean_build() {
  rm -rf "$CARGO_TARGET_DIR"
  TIMEFORMAT='%U %R'
  { time build --jobs 2 -p host; } 2>&1
}

printf '\na clean build of one program with four crates\n'
printf '%-10s %8s %14s %14s %14s\n' '' crates 'at run time' 'user s' 'wall s'
for way in hand treenail linkme inventory; do
  program "$way"
  cd "$work/program-$way"
  cargo fetch --quiet
  build -p host
  said=$("$CARGO_TARGET_DIR/debug/host")
  if [ "$said" != "line second3 end" ]; then echo "$way: $said" >&2; exit 1; fi
  read -r user wall < <(for ((run = 0; run < runs; run++)); do clean_build; done | median)
  printf '%-10s %8s %14s %14s %14s\n' "$way" "$(crates normal,build)" "$(crates normal,no-proc-macro)" "$user" "$wall"
done

# Linear: one more entry costs at the end of the series at most half as much again as at its beginning.
printf '%s' "$results" | awk '
  { n[NR] = $1; s[NR] = $2 }
  END {
    if (NR < 3) exit 0
    first = (s[2] - s[1]) / (n[2] - n[1])
    last = (s[NR] - s[NR - 1]) / (n[NR] - n[NR - 1])
    linear = last <= 1.5 * first
    printf "\ngrowth: %s (one more entry costs %.2f ms at first and %.2f ms at last)\n",
      linear ? "linear" : "faster than linear", first * 1000, last * 1000
    exit !linear
  }'
