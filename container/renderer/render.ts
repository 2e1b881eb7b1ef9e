import { readSync, writeSync } from 'node:fs';
import { startupSnapshot } from 'node:v8';
import vm from 'node:vm';
import { modules } from 'renderer:modules';
import type { Job, Log, Report } from './outcome';
import { enterSandbox } from './sandbox';
import { before } from './shadow';
import { warmUp } from './warm-up';

/**
 * One render, in a process that is used once. The packages are loaded while the snapshot is built; a process that
 * starts from it waits in a read for its job, so it costs nothing, and nothing of it is running when the script starts.
 */
startupSnapshot.setDeserializeMainFunction(() => {
  const job = receive();
  if (job === undefined) process.exit(0);
  const logs: Log[] = [];
  const exit = (process as unknown as { reallyExit(code: number): void }).reallyExit.bind(process);
  const { stringify } = JSON;
  const report = (value: Report) => {
    send(stringify(value));
    exit(0);
  };
  const failed = (thrown: unknown) => report({ error: describe(thrown), logs });
  process.on('uncaughtException', failed);
  enterSandbox(job.variables, ofPackages, logs);
  run(job.script).then((result) => report({ result, logs }), failed);
});

if (process.env.RENDERER_WARM_UP) warmUp(modules);

/** What the packages have made global for themselves: arktype compiles code that looks there. */
const ofPackages = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));

async function run(script: string): Promise<unknown> {
  const module = new vm.SourceTextModule(script, { identifier: 'script.mjs', importModuleDynamically: imported });
  await module.link(imported);
  await module.evaluate();
  const main = (module.namespace as { default?: unknown }).default;
  if (typeof main !== 'function') throw new TypeError('The module has no function as its default export.');
  return main();
}

/** The only modules there are. What is evaluated from text asks here, too. */
async function imported(specifier: string): Promise<vm.Module> {
  const exports = Object.hasOwn(modules, specifier) ? modules[specifier] : undefined;
  if (!exports) {
    throw new Error(
      `There is no module "${specifier}" in this renderer, only ${Object.keys(modules).join(', ')}. It renders e-mail and does not run workflows.`,
    );
  }
  const module = new vm.SyntheticModule(Object.keys(exports), () => {
    for (const [name, value] of Object.entries(exports)) module.setExport(name, value);
  });
  await module.link(imported);
  await module.evaluate();
  return module;
}

/** `ready`, then the job: all of standard input. A parent that is gone leaves nothing to do. */
function receive(): Job | undefined {
  writeSync(1, 'ready\n');
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65536);
    const length = readSync(0, chunk);
    if (length === 0) break;
    chunks.push(chunk.subarray(0, length));
  }
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function send(text: string): void {
  const bytes = Buffer.from(text);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(1, bytes, sent);
}

function describe(thrown: unknown): { message: string; stack?: string } {
  try {
    if (thrown instanceof Error) return { message: String(thrown.message), stack: String(thrown.stack) };
    return { message: String(thrown) };
  } catch {
    return { message: 'The script threw something that cannot be shown.' };
  }
}
