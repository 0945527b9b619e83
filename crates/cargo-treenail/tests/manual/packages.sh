#!/bin/sh
# Writes the packages of a case, as `src/cases.rs` describes it: the host `desk` into the current folder, and below it its plugins, and
# the crate `api` that all of them depend on. What is there already and not in the case stays.
#
#   sh packages.sh diff/a_release/old
set -eu
folder=$(dirname "$0")/../$1

package() { # FOLDER NAME VERSION
  mkdir -p "$1/src"
  touch "$1/src/lib.rs"
  printf '[package]\nname = "%s"\nversion = "%s"\nedition = "2024"\n' "$2" "$3" > "$1/Cargo.toml"
}

version() { # NAME
  said=$(sed -n "s/^$1 \([^ ]*\).*/\1/p" "$folder/packages.txt" 2> /dev/null || true)
  echo "${said:-0.1.0}"
}

package api api 1.4.0
for manifest in "$folder"/*.toml; do
  name=$(basename "$manifest" .toml)
  if [ "$name" != plugins ]; then
    package "$name" "$name" "$(version "$name")"
    cp "$manifest" "$name/plugins.toml"
    printf '[package.metadata.treenail]\nmanifest = "plugins.toml"\n' >> "$name/Cargo.toml"
    printf '[dependencies]\napi = { path = "../api" }\n' >> "$name/Cargo.toml"
  fi
done

package . desk 1.0.0
cp "$folder/plugins.toml" .
cp "$folder/config.schema.json" . 2> /dev/null || true
printf '[workspace]\n[dependencies]\ntreenail = { path = "../treenail" }\napi = { path = "api" }\n' >> Cargo.toml
for manifest in */plugins.toml; do
  name=$(dirname "$manifest")
  printf '%s = { path = "%s" }\n' "$name" "$name" >> Cargo.toml
done
cargo update --quiet --workspace
