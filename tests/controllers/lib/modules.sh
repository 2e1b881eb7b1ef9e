# shellcheck shell=bash
# Sourced by ../build.sh, for the recipes: Go modules by way of the module proxy, checked against the checksum database.
: "${out:?}" "${work:?}"

# Prints the folder of a module's release, which is read-only: definitions (CRDs) are copied from there.
module() { # path@version
  local found
  found=$(GOFLAGS=-mod=mod go mod download -json "$1") || die "$1: $(jq -r .Error <<< "$found")"
  jq -r .Dir <<< "$found"
}

# Copies a release to where it is built, and prints that folder: `go install` refuses modules with replacements. Those that
# point to a folder of the same repository, which is a module of its own and not part of this one, are dropped, so that its
# release of the same version is taken. A recipe may take parts out of the copy before it compiles it.
checkout() { # path@version
  local copy old
  copy=$work/${1//[\/@]/_}
  if [ ! -d "$copy" ]; then
    cp -r "$(module "$1")" "$copy"
    chmod -R u+w "$copy"
    while read -r old; do (cd "$copy" && go mod edit -dropreplace="$old"); done < <(
      cd "$copy" && go mod edit -json | jq -r '.Replace[]? | select(.New.Path | startswith("./")) | .Old | .Path + (if .Version then "@" + .Version else "" end)'
    )
  fi
  echo "$copy"
}

# Builds a program of a release into $out. A requirement whose version the proxy does not serve is replaced by one that it
# does, or by a folder.
compile() { # program path@version package [Go toolchain [path=path@version…]]
  local program=$1 release=$2 package=$3 copy new
  export GOTOOLCHAIN=${4:-local}
  copy=$(checkout "$release")
  for new in "${@:5}"; do (cd "$copy" && go mod edit -replace="$new"); done
  timed "$program ${release##*@}" build "$copy" "$program" "$package"
}

build() (
  cd "$1" || exit
  CGO_ENABLED=0 go build -mod=mod -trimpath -buildvcs=false -ldflags '-s -w' -o "$out/$2" "$3"
)
