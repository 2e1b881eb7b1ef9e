#!/usr/bin/env bash
# `npm ci && npm test` as somebody runs it who has Node, npm and git, and nothing else: a fresh clone, an ordinary user, a PATH
# without any other program, processes that see no others. The Node of an argument instead of the one in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

node=${1:-$(command -v node)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
home=$folder/home
mkdir -p "$home/bin"
ln -s "$(readlink -f "$node")" "$home/bin/node"
for program in npm git; do ln -s "$(readlink -f "$(command -v "$program")")" "$home/bin/$program"; done
git clone --quiet . "$home/clone"
chmod 755 "$folder"
chown -R nobody "$home"

# npm itself runs its scripts with a shell; that of every system.
unshare --pid --fork --mount-proc --kill-child env -C "$home/clone" \
  setpriv --reuid=nobody --clear-groups \
  env -i HOME="$home" PATH="$home/bin" npm_config_script_shell=/bin/sh /bin/sh -c 'node --version && npm ci && npm test'
