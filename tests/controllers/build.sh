#!/usr/bin/env bash
# Builds the programs of one suite by its recipe, <name>/build.sh, and prints the folder they are in. A folder is named by
# a digest of the recipe and of what it stands on, so a version bump builds anew and nothing else does.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source-path=SCRIPTDIR
. ../cluster/bed/lib.sh

name=${1:?the name of a suite}
[ -e "$name/build.sh" ] || die "there is no $name/build.sh"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hexclave-controllers
mapfile -t sources < <(find "$name/build.sh" "$name/program" lib/modules.sh -type f 2> /dev/null | sort)
target=$cache/$name-$(digest "${sources[@]}")
mkdir -p "$cache"
exec 9> "$cache/$name.lock"
flock 9   # two runs at once: the second waits and finds the work done
if [ -d "$target" ]; then say "$name: cached"; echo "$target"; exit; fi

require go jq
rm -rf "$cache/$name.partial".*   # of a build that was killed outright
out=$(mktemp -d "$cache/$name.partial.XXXXXX")   # the recipe's results
work=$(mktemp -d)
trap 'rm -rf "$out" "$work"' EXIT
trap 'exit 130' INT TERM
# shellcheck source-path=SCRIPTDIR
. ./lib/modules.sh
# shellcheck source=/dev/null
. "$name/build.sh"
chmod 755 "$out"
mv -T "$out" "$target"
echo "$target"
