#!/usr/bin/env bash
# Installs the programs that tests work with, and the definitions of custom resources, from Go modules, outside of the
# project. Prints the folder. A second run finds everything there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

target=${HEXCLAVE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/hexclave-tools}
mkdir -p "$target/bin" "$target/crds"
command -v go > /dev/null || { echo "error: Go is not installed" >&2; exit 1; }
exec 9> "$target/tools.lock"
flock 9   # two runs at once: the second waits and finds the work done

program() { # name version package
  local stamp=$target/bin/.$1-$2
  [ -e "$stamp" ] && return
  echo "building $1 $2" >&2
  GOBIN=$target/bin go install "$3@$2"
  touch "$stamp"
}

definition() { # module version path-in-module
  local file=$target/crds/$1-$2.yaml
  [ -e "$file" ] && return
  echo "downloading $1 $2" >&2
  mkdir -p "$(dirname "$file")"
  install -m 644 "$(go mod download -json "$1@$2" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')/$3" "$file"
}

program age v1.3.2 filippo.io/age/cmd/age
program age-keygen v1.3.2 filippo.io/age/cmd/age-keygen
program kubeseal v0.27.1 github.com/bitnami-labs/sealed-secrets/cmd/kubeseal
program sops v3.13.3 github.com/getsops/sops/v3/cmd/sops
program crane v0.22.1 github.com/google/go-containerregistry/cmd/crane
definition github.com/bitnami-labs/sealed-secrets v0.27.1 helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml
definition github.com/external-secrets/external-secrets v1.3.2 config/crds/bases/external-secrets.io_externalsecrets.yaml
echo "Mailpit and SeaweedFS" >&2   # minutes, the first time
"$here/../../node_modules/.bin/tsx" "$here/../cluster/images/go-tools.ts" > /dev/null
echo "$target"
