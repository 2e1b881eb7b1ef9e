import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { serveRegistry } from './registry';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the registry. */
    registry: string;
    /** The archive that would be published, and the same as a folder. */
    archive: string;
    unpacked: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes the package as a release does, and serves it together with what is installed here; all on the loopback device. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const made = mkdtempSync(join(tmpdir(), 'hexclave-package-'));
  const said = execFileSync(process.execPath, [join(root, 'cli/package/pack.mjs'), made], { encoding: 'utf8' });
  console.log(said.trim());
  const [archive] = /\S+\.tgz/.exec(said)!;
  const registry = await serveRegistry(archive, [join(root, 'node_modules'), join(root, 'tests/package/node_modules')]);
  project.provide('registry', registry.address);
  project.provide('archive', archive);
  project.provide('unpacked', join(made, 'package'));
  return async () => {
    await registry.close();
    rmSync(made, { recursive: true });
  };
}
