import type { Log } from './outcome';

/**
 * The globals a script has, besides those of the language. The fence is Node's permission model and the pod; that a
 * script finds nothing here to begin with is the hedge in front of it.
 */
const KEPT =
  `AbortController AbortSignal Buffer DOMException Event EventTarget TextDecoder TextEncoder URL URLSearchParams
  atob btoa clearImmediate clearInterval clearTimeout performance queueMicrotask setImmediate setInterval setTimeout
  structuredClone`.split(/\s+/);

/** Ways from Node's `process` to files, other processes and other code; a script that got hold of it finds none. */
const CLOSED = `_debugEnd _debugProcess _getActiveHandles _getActiveRequests _kill _linkedBinding _rawDebug
  _startProfilerIdleNotifier abort binding chdir constrainedMemory cpuUsage dlopen exit getBuiltinModule kill
  loadEnvFile mainModule memoryUsage openStdin reallyExit report setegid seteuid setgid setgroups setuid
  setUncaughtExceptionCaptureCallback stderr stdin stdout umask`.split(/\s+/);

const MAX_LOGS = 200;
const MAX_LOG_LENGTH = 2000;

/** Takes away what a script must not have, and puts in the console whose lines go back with the result. */
export function enterSandbox(variables: Record<string, string>, ofPackages: readonly string[], logs: Log[]): void {
  const node = globalThis.process;
  const kept = new Set([...LANGUAGE, ...KEPT, ...ofPackages]);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!kept.has(name)) Reflect.deleteProperty(globalThis, name);
  }
  for (const name of CLOSED) {
    Reflect.deleteProperty(node, name);
    if (name in node) Object.defineProperty(node, name, { value: undefined });
  }
  define('process', Object.freeze({ env: Object.freeze({ NODE_ENV: 'production', ...variables }) }));
  define('console', recorder(logs));
  define('fetch', () => Promise.reject(new Error(NO_NETWORK)));
}

const NO_NETWORK = 'This renderer has no network: it renders e-mail and does not run workflows.';

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

function recorder(logs: Log[]): Record<string, (...args: unknown[]) => void> {
  const write =
    (type: Log['type']) =>
    (...args: unknown[]) => {
      if (logs.length < MAX_LOGS) logs.push({ message: args.map(text).join(' ').slice(0, MAX_LOG_LENGTH), type });
    };
  const names = { log: 'log', info: 'log', debug: 'log', trace: 'log', dir: 'log', warn: 'error', error: 'error' };
  return Object.fromEntries(Object.entries(names).map(([name, type]) => [name, write(type as Log['type'])]));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return value instanceof Error ? String(value.stack) : (JSON.stringify(value) ?? String(value));
  } catch {
    return String(value);
  }
}

/** The names that ECMAScript gives every program. WebAssembly is left out: compiled code is of no use to an e-mail. */
const LANGUAGE = `AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array
  Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array
  Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy
  RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError Temporal
  TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI
  decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined
  unescape`.split(/\s+/);
