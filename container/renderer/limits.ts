const MiB = 1024 * 1024;

/** What one render, and everything that waits, may take. The pod's memory follows from the first three. */
export const LIMITS = {
  /** A render that takes longer is killed; the server gives a job of generation C as long. */
  timeMs: 30_000,
  /** JavaScript objects and strings. */
  heapMiB: 192,
  /** Everything a process allocates beyond what it has before its script starts, buffers included. */
  memoryKiB: 320 * 1024,
  /** Seconds of CPU: the kernel ends a process whose parent did not. */
  cpuSeconds: 60,
  openFiles: 64,
  outputBytes: 32 * MiB,
  bodyBytes: 16 * MiB,
  /** A render waits this long for its turn before it is refused: the server then asks once more, and next in 20 minutes. */
  waitMs: 60_000,
  waiting: 256,
  waitingBytes: 64 * MiB,
  connections: 512,
  /** How long idle connections are kept. Clients are told a third of it. */
  idleMs: 75_000,
  machines: 64,
  machineFiles: 32,
  machineMs: 10 * 60_000,
} as const;
