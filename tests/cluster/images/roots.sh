# shellcheck shell=bash
# Sourced by build.sh: root file systems from Debian packages, as plain tar files in the cache.
: "${cache:?}"

# Has curl 8.14 (the CronJobs' --variable needs 8.3) and PostgreSQL 17.
suite=trixie

# Prints the file with the packages' contents. Nothing is configured or run: unpacked files are all an image needs.
root() { # name package...
  local name=$1 target package arguments=(--variant=extract) mirror; shift
  target=$cache/root-$name-$(printf '%s\n' "$suite" "$@" | sha256sum | cut -c 1-12).tar
  if [ ! -e "$target" ]; then
    require mmdebstrap
    for package in "$@"; do arguments+=(--include="$package"); done
    mirror=$(debian_mirror)
    timed "packages of $name" mmdebstrap "${arguments[@]}" --format=tar "$suite" "$cache/partial-$name.tar" ${mirror:+"$mirror"}
    mv "$cache/partial-$name.tar" "$target"
  fi
  echo "$target"
}

# The Debian archive that this machine's apt is set up with; none on another distribution, then mmdebstrap uses its own.
debian_mirror() {
  # shellcheck disable=SC2016  # apt fills the name in
  apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 'Created-By: Packages' 2> /dev/null | sort -u | head -n 1
}
