#!/bin/bash
# The server container's command: empties the work directory, then becomes the image's entrypoint.
#
# The entrypoint copies /app into the work directory and fills in the configured values there. On a volume, which
# outlives a restarted container, images before August 2026 copy the untouched files again, see their own marker and
# skip the filling in: every browser then gets a broken dashboard while /health stays green. One file without write
# permission makes that second copy fail, and the container never starts again. An empty directory has neither problem.

fail() {
  printf 'start: %s\n' "$1" >&2
  exit 1
}

[ -x ./entrypoint.sh ] || fail "no executable entrypoint.sh in $PWD: the container's workingDir has to be the image's /app"

# Exported: what is emptied here is what the entrypoint fills, whatever its own default is.
[ -v STACK_RUNTIME_WORK_DIR ] || export STACK_RUNTIME_WORK_DIR=/var/tmp/stack-runtime
[ -n "$STACK_RUNTIME_WORK_DIR" ] || fail 'STACK_RUNTIME_WORK_DIR is empty: name a directory, or leave it unset'

work=$(realpath -m -- "$STACK_RUNTIME_WORK_DIR") || fail "STACK_RUNTIME_WORK_DIR is not a path: $STACK_RUNTIME_WORK_DIR"
image=$(pwd -P)
[ "$work" != / ] || fail 'STACK_RUNTIME_WORK_DIR is /: refusing to empty it'
case "$work/" in
  /app/* | "$image"/*) fail "STACK_RUNTIME_WORK_DIR is in the image's own $image: refusing to empty $work" ;;
esac
case "$image/" in
  "$work"/*) fail "STACK_RUNTIME_WORK_DIR holds the image's own $image: refusing to empty $work" ;;
esac

if [ -d "$work" ]; then
  # Only a writable directory lets go of its entries. `;` and not `+`: the mode changes before find looks inside.
  find "$work" -mindepth 1 -type d ! -perm -u=rwx -exec chmod u+rwx '{}' ';'
  find "$work" -mindepth 1 -delete
  # Judged by the result. The directory itself stays: it is the volume's mount point and not ours to change.
  left=$(find "$work" -mindepth 1 -print -quit)
  [ -z "$left" ] || fail "could not empty $work: $left is still there (another user's file, or a mount)"
elif [ -e "$work" ]; then
  fail "STACK_RUNTIME_WORK_DIR is not a directory: $work"
fi

exec ./entrypoint.sh
