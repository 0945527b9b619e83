#!/usr/bin/env bash
# What it costs to look a function up by its key and to call it ("hit"), and to be told that there is none ("miss"): the
# entries of treenail, a HashMap with keys of its own, phf, and the HashMaps that programs fill from linkme and inventory; 5,
# 40, 400 and 1000 keys, plain names (`cache_router`) and URNs (`urn:acme:filters:cache_router:1.0`), built by the release and
# by the dev profile. The misses are names of the same kind. One criterion run for each profile, and one table of nanoseconds
# for a look-up, in which the time of the loop around it (well below one in release, about ten in dev) is everybody's.
#
#   benches/lookups.sh [FILTER]        as criterion's: plain_40, urn_400-miss, ...
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
cd "$(dirname "$0")/peers"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ways=(treenail HashMap phf linkme inventory)

for profile in release dev; do
  CRITERION_HOME="$work/$profile" cargo bench --quiet --locked --profile "$profile" -p lookups -- --noplot "$@" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }
done

# nanoseconds FOLDER WAY: an iteration is a thousand look-ups. Of a hundred samples the least counts: the others were held up
# by whatever else the machine does.
nanoseconds() {
  sed 's/.*"iters":\[\([^]]*\)\],"times":\[\([^]]*\)\].*/\1\n\2/' "$1/$2/new/sample.json" | awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) iterations[i] = $i }
    NR == 2 { for (i = 1; i <= NF; i++) { each = $i / iterations[i]; if (i == 1 || each < least) least = each } }
    END { printf "%.1f", least / 1000 }'
}

printf '%-8s %-16s' profile 'keys'
printf ' %9s' "${ways[@]}"
printf '\n'
for profile in release dev; do
  for kind in plain urn; do
    for size in 5 40 400 1000; do
      for what in hit miss; do
        folder="$work/$profile/${kind}_$size-$what"
        if [ ! -d "$folder" ]; then continue; fi
        printf '%-8s %-16s' "$profile" "$kind $size $what"
        for way in "${ways[@]}"; do printf ' %9s' "$(nanoseconds "$folder" "$way")"; done
        printf '\n'
      done
    done
  done
done
