import { type Ended, isRoot, run } from './process';

/** The user that the image runs as, and that owns what it writes. */
export const SERVER_USER = 1000;

/**
 * Runs a shell command as a container would, in /app: a read-only system, a root of its own, an unprivileged user, and a
 * volume at /var/tmp/stack-runtime, which outlives the container. All in a mount namespace, so a wipe of / hurts nobody.
 * A folder `mounted` in the volume is a mount of its own.
 */
export function runInContainer(
  root: string,
  volume: string,
  command: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  const namespace = isRoot ? ['--mount'] : ['--mount', '--map-root-user'];
  const user = isRoot
    ? `--reuid=${SERVER_USER} --regid=${SERVER_USER} --clear-groups`
    : '--inh-caps=-all --bounding-set=-all';
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return run('unshare', [...namespace, 'bash', '-ec', ENTER, 'bash', root, volume, user, command, ...variables]);
}

const ENTER = `
cd "$1"
mkdir -p usr dev app tmp var/tmp/stack-runtime
for name in bin lib lib64; do
  if [ -L "/$name" ]; then cp -P "/$name" .; elif [ -d "/$name" ]; then mkdir "$name"; mount --rbind "/$name" "$name"; fi
done 2>/dev/null
mount --rbind /usr usr
mount -o remount,bind,ro usr
touch dev/null
mount --bind /dev/null dev/null
if [ -d "$2/mounted" ]; then mount --bind "$2/mounted" "$2/mounted"; fi
mount --rbind "$2" var/tmp/stack-runtime
exec chroot . setpriv $3 /usr/bin/env -i PATH=/usr/bin:/bin "\${@:5}" bash -c 'cd /app && exec bash -c "$1"' bash "$4"
`;
