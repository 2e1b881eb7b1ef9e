import { join } from 'node:path';
import { environmentFolder, onCluster } from '../../../cluster/fixtures/commands';
import { kubectl } from '../../../cluster/lib/kubectl';
import type { Files } from '../../../support/cases';

/** A user's folder with an environment: its commands and the apply of the README. */
export interface Folder {
  readonly path: string;
  /** Runs the command, which has to succeed, and returns what it printed. */
  run(...args: string[]): string;
  /** `synth` and `kubectl apply`. */
  deploy(): Promise<void>;
}

export function folderOf(files: Files): Folder {
  const path = environmentFolder(files);
  const run = (...args: string[]) => {
    const { code, stdout, stderr } = onCluster(path, args);
    if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}\n${stdout}${stderr}`);
    return stdout;
  };
  return {
    path,
    run,
    async deploy() {
      run('synth', files.name!);
      await kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(path, 'dist', files.name!)]);
    },
  };
}
