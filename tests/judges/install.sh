#!/usr/bin/env bash
# Installs the judges and the official API descriptions that they judge by into a folder outside of the tree, and
# prints the folder. What is there already is left alone; nothing has its final name before it is complete.
set -euo pipefail
cd "$(dirname "$0")"

kubernetes=(v1.34.4 v1.35.4 v1.36.3 v1.37.2)
target=${HEXCLAVE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/hexclave-tools}

main() {
  require go node python3
  mkdir -p "$target/bin"
  exec 9> "$target/judges.lock"
  flock 9   # two runs at once: the second waits and finds the work done
  rm -rf "$target"/judges.partial.*   # of a run that was killed outright
  partial=$(mktemp -d "$target/judges.partial.XXXXXX")
  trap 'rm -rf "$partial"' EXIT
  trap 'exit 130' INT TERM

  program kubeconform v0.8.0 github.com/yannh/kubeconform/cmd/kubeconform
  program kube-score v1.20.0 github.com/zegl/kube-score/cmd/kube-score
  program promtool v0.316.0 github.com/prometheus/prometheus/cmd/promtool
  program actionlint v1.7.12 github.com/rhysd/actionlint/cmd/actionlint
  fromPython checkov 3.3.30
  fromPython zizmor 1.32.0
  local converter version
  converter=$(sha256sum schemas.mjs | cut -c 1-12)
  for version in "${kubernetes[@]}"; do schemas "$version"; done
  echo "$target"
}

program() { # name version package
  local stamp=$target/bin/.$1-$2
  [ ! -e "$stamp" ] || return 0
  timed "building $1 $2" env GOBIN="$partial" go install "$3@$2"
  mv "$partial/$1" "$target/bin/$1"
  touch "$stamp"
}

# A virtual environment knows its own path and cannot be moved: what appears last is the link to its program.
fromPython() { # name version
  local home=$target/$1/$2
  [ ! -e "$home/$1" ] || return 0
  rm -rf "$home"
  timed "creating a Python environment" python3 -m venv "$home"
  timed "installing $1 $2" "$home/bin/pip" install --quiet "$1==$2"
  ln -s "bin/$1" "$home/$1"
}

# The API description is a file in the Kubernetes module. It is only unpacked, so that its demand for a newer Go does
# not matter. A folder's name carries a digest of the program that converts: a changed one converts anew.
schemas() { # version
  local home=$target/schemas/$converter/$1 module
  [ ! -e "$home" ] || return 0
  timed "downloading Kubernetes $1" download "$1"
  module=$(node -p 'JSON.parse(fs.readFileSync(0)).Dir' < "$partial/module.json")
  mkdir -p "$partial/$1" "${home%/*}"
  timed "converting the API description of $1" node schemas.mjs "$module/api/openapi-spec/swagger.json" "$partial/$1"
  mv -T "$partial/$1" "$home"
}

download() { # version
  (cd "$partial" && GOTOOLCHAIN=local GOFLAGS='' go mod download -json "k8s.io/kubernetes@$1" > module.json)
}

# Runs a command and says how long it took; its output is shown only when it fails.
timed() { # what command...
  local what=$1 begun=$SECONDS; shift
  printf '%s ...' "$what" >&2
  if "$@" > "$partial/log" 2>&1; then printf ' %s s\n' "$((SECONDS - begun))" >&2; return; fi
  printf ' failed\n' >&2
  tail -n 40 "$partial/log" >&2
  exit 1
}

require() { # command...
  local program
  for program in "$@"; do
    command -v "$program" > /dev/null || { echo "error: $program is not installed" >&2; exit 1; }
  done
}

main
