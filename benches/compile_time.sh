#!/usr/bin/env bash
# What the container costs rustc. The same N components, each with a service of its own and up to three dependencies on
# earlier ones, are compiled three times:
#
#   parts      types, inputs and `Component` impls by themselves: rustc checks them, and leaves most machine code out
#   built      the same, and for each component one function, by hand, that builds it and shares it as its service:
#              the least that any composition compiles
#   treenail   composed: the whole container
#
# Measured are rustc's user seconds for that one crate (a library) in the dev profile, from nothing, with everything it
# depends on built before; the median of three runs.
#
#   benches/compile_time.sh [N ...]        default: 100 400 1000
#
# Exit status 1 if time grows faster than N. Everything is generated and built in a temporary folder; KEEP=1 leaves it
# there, for a look at the generated code.
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
repo=$(cd "$(dirname "$0")/.." && pwd)
sizes=("$@")
if [ $# -eq 0 ]; then sizes=(100 400 1000); fi
runs=3
ceiling=3.6 # treenail to parts
work=$(mktemp -d)
if [ -z "${KEEP:-}" ]; then trap 'rm -rf "$work"' EXIT; else echo "in $work"; fi
export CARGO_TARGET_DIR="$work/target"

# The distinct members of {i/2, i/3, i/4}: what component i needs.
needs_of() {
  local i=$1 seen=" " need
  if [ "$i" -eq 0 ]; then return; fi
  for need in $((i / 2)) $((i / 3)) $((i / 4)); do
    case $seen in *" $need "*) ;; *) printf '%s ' "$need"; seen+="$need " ;; esac
  done
}

# One service and one component. The package is a library, so that rustc compiles all of it whether something composes it
# or not. Every method has a name of its own: of a thousand traits in one module with one method's name, rustc tries
# each at every call, and the components by themselves would take twenty seconds.
component() {
  local i=$1 need fields="" moves="" sum="${1}_u64"
  for need in $(needs_of "$i"); do
    fields+="    pub n$need: Arc<dyn S$need>,"$'\n'
    moves+=" n$need: deps.n$need,"
    sum+=".wrapping_add(deps.n$need.value$need())"
  done
  cat <<RUST
pub trait S$i: Send + Sync {
    fn value$i(&self) -> u64;
}

pub struct C$i {
${fields}    value: u64,
}

impl Component for C$i {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        let value = $sum;
        Ok(Self {$moves value })
    }
}

impl S$i for C$i {
    fn value$i(&self) -> u64 {
        self.value
    }
}
RUST
}

# What treenail generates from the manifest on the plugin's side, by hand.
inputs() {
  local i=$1 need
  printf 'pub struct C%sDeps {\n' "$i"
  for need in $(needs_of "$i"); do printf '    pub n%s: Arc<dyn S%s>,\n' "$need" "$need"; done
  printf '}\n\nimpl treenail::__private::Declared for C%s {\n    type Deps = C%sDeps;\n    type Config = ();\n}\n' "$i" "$i"
}

# Builds and shares one component, by hand.
making() {
  local i=$1
  cat <<RUST
pub fn make$i(deps: C${i}Deps, context: &mut std::task::Context<'_>) -> treenail::Result<Arc<dyn S$i>> {
    match std::future::Future::poll(std::pin::pin!(C$i::build(deps, ())), context) {
        std::task::Poll::Ready(built) => Ok(Arc::new(built?)),
        std::task::Poll::Pending => Err(treenail::Error::msg("waits")),
    }
}
RUST
}

declaration() {
  local i=$1 need requires=""
  for need in $(needs_of "$i"); do requires+="${requires:+, }n$need = \"dyn crate::S$need\""; done
  printf '\n[[component]]\ntype = "crate::C%s"\nprovides = ["dyn crate::S%s"]\nrequires = { %s }\n' "$i" "$i" "$requires"
}

# package NAME N: the crate NAME ("parts", "built" or "composed") with N components.
package() {
  local name=$1 n=$2 i folder="$work/$1-$2"
  mkdir -p "$folder/src"
  cat >"$folder/Cargo.toml" <<TOML
[package]
name = "$name"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
treenail = { path = "$repo", default-features = false, features = ["lifecycle"] }
TOML
  cp "$repo/Cargo.lock" "$folder/Cargo.lock"
  {
    echo "#![allow(unused_variables)]"
    echo "use std::sync::Arc;"
    echo "use treenail::{Component, Config, Deps};"
    if [ "$name" = composed ]; then echo "treenail::compose!();"; fi
    for ((i = 0; i < n; i++)); do
      component "$i"
      if [ "$name" != composed ]; then inputs "$i"; fi
      if [ "$name" = built ]; then making "$i"; fi
    done
  } >"$folder/src/lib.rs"
  if [ "$name" != composed ]; then return; fi
  printf '\n[build-dependencies]\ntreenail-build = { path = "%s/crates/treenail-build" }\n' "$repo" >>"$folder/Cargo.toml"
  echo 'fn main() { treenail_build::compose() }' >"$folder/build.rs"
  {
    printf 'treenail = 1\n\n[host]\n'
    for ((i = 0; i < n; i++)); do declaration "$i"; done
  } >"$folder/plugins.toml"
}

# Stands before rustc for the generated crates only, and writes down the user seconds of each call.
cat >"$work/timed-rustc" <<'SH'
#!/usr/bin/env bash
crate=none # cargo also asks for the version
for ((i = 1; i <= $#; i++)); do
  if [ "${!i}" = --crate-name ]; then next=$((i + 1)); crate=${!next}; fi
done
TIMEFORMAT=%U
{ time "$@" 2>&3; } 3>&2 2>"$TIMES/$crate"
SH
chmod +x "$work/timed-rustc"
export RUSTC_WORKSPACE_WRAPPER="$work/timed-rustc" TIMES="$work"

build() {
  if ! cargo build --quiet >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
  fi
}

# seconds NAME N: the median of rustc's user seconds.
seconds() {
  local name=$1 n=$2 run
  cd "$work/$name-$n"
  build
  for ((run = 0; run < runs; run++)); do
    cargo clean --quiet -p "$name"
    build
    cat "$work/$name"
  done | sort -n | sed -n "$((runs / 2 + 1))p"
}

table='%6s %9s %9s %12s %17s %17s\n'
# shellcheck disable=SC2059
printf "$table" N 'parts s' 'built s' 'treenail s' 'treenail : parts' 'treenail : built'
results=""
for n in "${sizes[@]}"; do
  for name in parts built composed; do
    package "$name" "$n"
    case $name in
      parts) parts=$(seconds "$name" "$n") ;;
      built) built=$(seconds "$name" "$n") ;;
      composed) composed=$(seconds "$name" "$n") ;;
    esac
  done
  # shellcheck disable=SC2059
  printf "$table" "$n" "$parts" "$built" "$composed" \
    "$(awk "BEGIN { printf \"%.2f\", $composed / $parts }")" "$(awk "BEGIN { printf \"%.2f\", $composed / $built }")"
  results+="$n $composed"$'\n'
done

awk "BEGIN { ratio = $composed / $parts; printf \"at N = $n: %.2f times the parts, where $ceiling is the aim: %s\\n\", ratio, ratio <= $ceiling ? \"held\" : \"missed\" }"

# Linear: one more component costs at the end of the series at most half as much again as at its beginning.
printf '%s' "$results" | awk '
  { n[NR] = $1; s[NR] = $2 }
  END {
    if (NR < 3) exit 0
    first = (s[2] - s[1]) / (n[2] - n[1])
    last = (s[NR] - s[NR - 1]) / (n[NR] - n[NR - 1])
    linear = last <= 1.5 * first
    printf "growth: %s (one more component costs %.1f ms at first and %.1f ms at last)\n",
      linear ? "linear" : "faster than linear", first * 1000, last * 1000
    exit !linear
  }'
