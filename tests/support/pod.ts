import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from './objects';
import { type Ended, isRoot, type Running, run, start } from './process';

/**
 * What the kubelet makes of a pod of one container, as far as one machine without an engine can: a read-only root, the
 * volumes where the manifest mounts them, the user and no capability, and namespaces of its own for processes, mounts
 * and network. The programs of the image are those of this machine, and of one more folder.
 */
export interface Pod {
  /** Starts the container as the manifest says. */
  start(): Running;
  /** Runs a probe or a hook inside the container that runs. */
  exec(running: Running, command: readonly string[]): Promise<Ended>;
  /** Runs a program of this machine in the container's network. */
  beside(running: Running, command: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** The folder behind a volume. */
  volume(name: string): string;
  remove(): void;
}

export interface PodOptions {
  /** The object that makes the pod, as it stands in a manifest. */
  readonly owner: KubeObject;
  /** The data of ConfigMaps and Secrets, by `Kind/name`. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The folder whose `bin` the image would have in its PATH. */
  readonly programs: string;
  /** Folders of volumes that are there already, by name. @default - new, empty ones */
  readonly volumes?: Readonly<Record<string, string>>;
}

export function makePod({ owner, files, programs, volumes = {} }: PodOptions): Pod {
  const { spec } = owner.spec.template;
  const [container] = spec.containers;
  // In memory where that can be: a database syncs every file of its own to the disk when it is made.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'pod-'));
  const group = spec.securityContext.fsGroup;
  const volume = (name: string) => volumes[name] ?? join(folder, 'volumes', name);
  for (const { metadata } of owner.spec.volumeClaimTemplates ?? []) writable(volume(metadata.name), group);
  for (const { name, configMap, secret } of spec.volumes) {
    if (!configMap && !secret) {
      writable(volume(name), group);
      continue;
    }
    const data = files[configMap ? `ConfigMap/${configMap.name}` : `Secret/${secret.secretName}`]!;
    const items = (configMap ?? secret).items ?? Object.keys(data).map((key) => ({ key, path: key }));
    mkdirSync(volume(name), { recursive: true });
    for (const { key, path } of items) {
      const file = join(volume(name), path);
      writeFileSync(file, data[key]!, { mode: (configMap ?? secret).defaultMode ?? 0o644 });
      if (isRoot) chownSync(file, 0, group);
    }
  }
  const env: Record<string, string> = Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }: KubeObject) => [
      name,
      value ?? files[`Secret/${valueFrom.secretKeyRef.name}`]![valueFrom.secretKeyRef.key],
    ]),
  );
  const mounts = container.volumeMounts.map(
    ({ name, mountPath, subPath, readOnly }: KubeObject) =>
      `mount_volume ${quoted(join(volume(name), subPath ?? ''))} ${quoted(mountPath)} ${readOnly ? 'ro' : 'rw'}`,
  );
  const root = join(folder, 'root');
  mkdirSync(root);
  const script = [ROOT, ...mounts, ENTER].join('\n');
  const user = spec.securityContext.runAsUser as number;
  const variables = Object.entries({ PATH: '/programs/bin:/usr/bin:/bin', ...env }).map((pair) => pair.join('='));
  const flags = ['--mount', '--pid', '--net', '--fork', '--kill-child', ...(isRoot ? [] : ['--map-root-user'])];

  return {
    start: () => {
      const command = [...container.command, ...(container.args ?? [])].map((text) => expanded(text, env));
      const inside = ['bash', '-ec', script, 'bash', root, programs, privileges(user), ...variables];
      return start('unshare', [...flags, ...inside, ...command], { group: true });
    },
    exec: (running, command) => {
      const inside = command.map((text) => expanded(text, env));
      const as = privileges(user).split(' ');
      return run('nsenter', [...joined(running, 'mnt', 'net', 'pid'), ...as, 'env', '-i', ...variables, ...inside]);
    },
    beside: (running, command, more = {}) => run('nsenter', [...joined(running, 'net'), ...command], { env: more }),
    volume,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Kubernetes' own expansion of commands, arguments and probes: `$(NAME)` where NAME is a variable, and `$$` is `$`. */
function expanded(text: string, env: Record<string, string>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (match, name) =>
    match === '$$' ? '$' : ((name in env ? env[name] : match) as string),
  );
}

/** The root of the container: this machine's programs, and everything else empty. */
const ROOT = `
root=$1
mount -t tmpfs tmpfs "$root"
cd "$root"
mkdir -p usr dev proc programs etc
for name in bin lib lib64 sbin; do
  if [ -L "/$name" ]; then cp -P "/$name" .; elif [ -d "/$name" ]; then mkdir "$name"; mount --rbind "/$name" "$name"; fi
done
mount --bind /usr usr
mount -o remount,bind,ro usr
mount --bind "$2" programs
mount -o remount,bind,ro programs
mount -t proc proc proc
touch dev/null dev/zero dev/urandom dev/random
for name in null zero urandom random; do mount --bind "/dev/$name" "dev/$name"; done
ln -s /proc/self/fd dev/fd
mkdir -p run var/lib dev/shm
ln -s ../run var/run
mount_volume() {
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root$(dirname "$2")"; touch "$root$2"; fi
  mount --bind "$1" "$root$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2"; fi
}
`;

const ENTER = `
python3 -c 'import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 0x49))'
read -ra privileges <<<"$3"
shift 3
mkdir old
pivot_root . old
umount -l /old
rmdir /old
mount -o remount,bind,ro /
exec "\${privileges[@]}" env -i "$@"
`;

function privileges(user: number): string {
  return isRoot
    ? `setpriv --reuid=${user} --regid=${user} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all`
    : `unshare --user --map-user=${user} --map-group=${user}`;
}

/** As the kubelet makes a volume for a pod with an fsGroup: root's, and the group may write. */
function writable(path: string, group: number): void {
  if (existsSync(path)) return;
  mkdirSync(path, { recursive: true });
  if (isRoot) chownSync(path, 0, group);
  chmodSync(path, isRoot ? 0o2775 : 0o775);
  // A new ext4 file system is not empty.
  mkdirSync(join(path, 'lost+found'), { mode: 0o700 });
}

/** Arguments for nsenter. Without root, only the outer of the two user namespaces may enter the others. */
function joined({ pid }: Running, ...namespaces: ('mnt' | 'net' | 'pid')[]): string[] {
  const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const flags = { mnt: 'mount', net: 'net', pid: 'pid' };
  return [
    ...(isRoot ? [] : [`--user=/proc/${pid}/ns/user`, '--preserve-credentials']),
    ...namespaces.map((name) => `--${flags[name]}=/proc/${first}/ns/${name}`),
    ...(namespaces.includes('mnt') ? [`--root=/proc/${first}/root`, `--wd=/proc/${first}/root`] : []),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
