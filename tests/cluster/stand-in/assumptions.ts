/**
 * What the manifests and the other tests take for granted of a server of generation A. Both are held to it: the stand-in in
 * tests/cluster/stand-in.test.ts, the real server in tests/server. How either ends, and on what, is tried there as well.
 */
export interface Assumed {
  readonly port: 8101 | 8102;
  readonly path: string;
  readonly bearer?: 'right' | 'wrong';
  readonly status: number;
  /** Of generation A alone. @default - of every one */
  readonly onlyA?: true;
}

const MAINTENANCE = '/api/latest/internal';
const STEP = `${MAINTENANCE}/email-queue-step?only_one_step=true`;
const SEQUENCER = `${MAINTENANCE}/external-db-sync/sequencer?maxDurationMs=1000`;
const POLLER = `${MAINTENANCE}/external-db-sync/poller?maxDurationMs=1000`;

/** Answers to GET: the probes', the CronJobs', and what others find there. */
export const ANSWERS: readonly Assumed[] = [
  { port: 8102, path: '/health', status: 200 },
  { port: 8102, path: '/health?db=1', status: 200 },
  { port: 8101, path: '/health', status: 200 },
  { port: 8101, path: '/handler/sign-in', status: 200 },
  { port: 8102, path: '/api/v1/internal/backend-urls', status: 200 },
  { port: 8102, path: '/api/v1/nothing-of-this-name', status: 404 },
  { port: 8102, path: STEP, status: 400 },
  { port: 8102, path: STEP, bearer: 'wrong', status: 401 },
  { port: 8102, path: STEP, bearer: 'right', status: 200 },
  ...[SEQUENCER, POLLER].flatMap((path): Assumed[] => [
    { port: 8102, path, status: 401 },
    { port: 8102, path, bearer: 'wrong', status: 401 },
    { port: 8102, path, bearer: 'right', status: 200 },
  ]),
  // Of generation C, whose CronJobs the others must not get.
  { port: 8102, path: `${MAINTENANCE}/issues/reconciler`, bearer: 'right', status: 404, onlyA: true },
  { port: 8102, path: `${MAINTENANCE}/workflow-engine-step`, bearer: 'right', status: 404, onlyA: true },
];

/** The process of the entrypoint, under whatever it was started by. */
const ENTRY =
  "entry=$(for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2> /dev/null | grep -q '^[^ ]*bash [^ ]*entrypoint.sh' && basename $p && break; done)";
/** Where the application is copied to: what the variable says, or what it is when unset. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: bash fills it in
const WORK = 'cd "${STACK_RUNTIME_WORK_DIR:-/var/tmp/stack-runtime}"';

/** What a script of bash prints in the server's container. */
export const INSIDE: readonly {
  readonly what: string;
  readonly script: string;
  readonly prints: string;
  readonly onlyA?: true;
}[] = [
  {
    what: 'the entrypoint is bash',
    script: `${ENTRY}; basename "$(readlink /proc/$entry/exe)"`,
    prints: 'bash',
  },
  {
    what: 'the entrypoint catches no SIGTERM',
    onlyA: true,
    script: `${ENTRY}; read -r _ caught < <(grep SigCgt /proc/$entry/status); echo $((16#$caught >> 14 & 1))`,
    prints: '0',
  },
  {
    what: 'two children, both Node, known by the port in their environment',
    script: `${ENTRY}; for p in $(< /proc/$entry/task/$entry/children); do echo $(basename "$(readlink /proc/$p/exe)") $(tr '\\0' '\\n' < /proc/$p/environ | grep ^PORT=); done | sort`,
    prints: 'node PORT=8101\nnode PORT=8102',
  },
  {
    what: 'both listen on all addresses of IPv4',
    script: `while read -r _ at _ state _; do [ $state != 0A ] || echo $at; done < /proc/net/tcp | grep -E ':1FA[56]$' | sort`,
    prints: '00000000:1FA5\n00000000:1FA6',
  },
  { what: 'they run as user 1000', script: `${ENTRY}; stat -c %u /proc/$entry`, prints: '1000' },
  {
    what: 'the application is copied to where the variable says',
    script: `${WORK}; find . -path "*/apps/backend/package.json" -not -path "*/node_modules/*" | wc -l`,
    prints: '1',
  },
  {
    what: 'a marker says that the values are in the copy',
    onlyA: true,
    script: `${WORK}; find . -maxdepth 3 -name .stack-sentinels-replaced | wc -l`,
    prints: '1',
  },
  {
    what: 'scripts find bash and Node, and no curl, psql and ps',
    script: 'for c in bash node openssl curl psql ps; do ! command -v $c > /dev/null || echo $c; done',
    prints: 'bash\nnode\nopenssl',
  },
];
