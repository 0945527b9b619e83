#!/usr/bin/env bash
# Shows that `app.get::<dyn Trait>()` is a field access: the release assembly of a function that calls it, beside that of
# a function that reads a field of a struct that is laid out alike. Exit status 1 if the instructions differ.
#
#   benches/get_is_a_field_access.sh
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
repo=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"
mkdir -p "$work/src"

cat >"$work/Cargo.toml" <<TOML
[package]
name = "access"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
treenail = { path = "$repo", default-features = false, features = ["lifecycle"] }

[build-dependencies]
treenail-build = { path = "$repo/crates/treenail-build" }
TOML
cp "$repo/Cargo.lock" "$work/Cargo.lock"
echo 'fn main() { treenail_build::compose() }' >"$work/build.rs"
{
  printf 'treenail = 1\n\n[host]\n'
  for i in 0 1 2; do printf '\n[[component]]\ntype = "crate::C%s"\nprovides = ["dyn crate::S%s"]\n' "$i" "$i"; done
} >"$work/plugins.toml"

# One function a build: two with the same instructions would be merged into one, which shows the same, but not as well.
{
  cat <<'RUST'
use std::sync::Arc;
use treenail::{Component, Config, Deps};

treenail::compose!();

/// Laid out like `App`: by hand, no container.
pub struct Hand {
    pub services: Services,
    pub core: treenail::__private::Core,
}

/// What is handed out. A component is found by its own type, too.
pub struct Services {
    pub s0: Arc<dyn S0>,
    pub s1: Arc<dyn S1>,
    pub s2: Arc<dyn S2>,
    pub c0: Arc<C0>,
    pub c1: Arc<C1>,
    pub c2: Arc<C2>,
}

#[cfg(through_get)]
#[inline(never)]
pub fn measured(app: &App) -> &Arc<dyn S1> {
    app.get::<dyn S1>()
}

#[cfg(through_field)]
#[inline(never)]
pub fn measured(hand: &Hand) -> &Arc<dyn S1> {
    &hand.services.s1
}
RUST
  for i in 0 1 2; do
    cat <<RUST
pub trait S$i: Send + Sync {}
pub struct C$i;
impl S$i for C$i {}
impl Component for C$i {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}
RUST
  done
} >"$work/src/lib.rs"

# instructions CFG: the body of `measured`, without labels and directives.
instructions() {
  rm -f "$work"/target/release/deps/access*.s
  cargo rustc --manifest-path "$work/Cargo.toml" --quiet --release -- --emit asm -C codegen-units=1 --cfg "$1" \
    --check-cfg 'cfg(through_get, through_field)' 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  awk '
    /^[A-Za-z_][^ ]*measured[^ ]*:/ { inside = 1; next }
    inside && /^[ \t]*\.cfi_endproc|^\.Lfunc_end/ { exit }
    inside && /^[ \t]+[^. \t#]/ { sub(/[ \t]*#.*/, ""); gsub(/^[ \t]+/, "    "); gsub(/\t/, " "); print }
  ' "$work"/target/release/deps/access*.s
}

get=$(instructions through_get)
field=$(instructions through_field)
if [ -z "$get" ] || [ -z "$field" ]; then echo "no function to be found in the assembly" >&2; exit 1; fi
printf 'app.get::<dyn S1>()\n%s\n\n&hand.services.s1\n%s\n\n' "$get" "$field"
if [ "$get" = "$field" ]; then
  echo "the instructions are the same"
else
  echo "the instructions DIFFER"
  exit 1
fi
