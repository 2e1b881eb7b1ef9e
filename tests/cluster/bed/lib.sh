# shellcheck shell=bash disable=SC2034  # its variables are used by the scripts that source it
# Sourced by the scripts beside it and by ../images/build.sh.

# Everything built lives here, outside the tree, so that a fresh clone reuses it.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hexclave-bed

# Every bed has one state folder of this name, its control group is called like the folder.
beds=${TMPDIR:-/tmp}/hexclave-bed

# Progress goes to stderr: stdout is for what a script hands to its caller.
say() { printf '%4ss  %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs a command and says how long it took; its output is shown only when it fails.
timed() { # what command...
  local what=$1 begun=$SECONDS log; shift
  log=$(mktemp)
  if "$@" > "$log" 2>&1; then say "$what ($((SECONDS - begun)) s)"; rm -f "$log"; return; fi
  tail -n 40 "$log" >&2; rm -f "$log"
  die "$what failed"
}

# One digest over the names and contents of files: names what was built from them.
digest() { sha256sum "$@" | sha256sum | cut -c 1-12; }

require() { # command...
  local missing=() c
  for c in "$@"; do command -v "$c" > /dev/null || missing+=("$c"); done
  [ ${#missing[@]} -eq 0 ] || die "missing: ${missing[*]}. The Debian packages are listed in $(dirname "${BASH_SOURCE[0]}")/packages.txt"
}

# True while the process exists and is no zombie (a killed parent may leave its child unreaped).
running() { grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/status"; }

# Removes what outlives the processes of a bed: its control groups and its state folder.
remove_remains() { # state folder
  local group
  for _ in $(seq 10); do
    for group in /sys/fs/cgroup/*/"${1##*/}"; do
      [ -d "$group" ] && find "$group" -depth -type d -exec rmdir {} + 2> /dev/null
    done
    compgen -G "/sys/fs/cgroup/*/${1##*/}" > /dev/null || break
    sleep 0.3   # the kernel empties a group a moment after its last process has gone
  done
  rm -rf --one-file-system "$1"
}
