import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toolFolder } from '../support/tools';

const folder = dirname(toolFolder);
const converter = createHash('sha256')
  .update(readFileSync(new URL('schemas.mjs', import.meta.url)))
  .digest('hex');

/** What install.sh puts beside the programs of tests/tools/install.sh. */
export const tools = {
  kubeconform: join(toolFolder, 'kubeconform'),
  kubeScore: join(toolFolder, 'kube-score'),
  checkov: join(folder, 'checkov/3.3.30/checkov'),
  actionlint: join(toolFolder, 'actionlint'),
  zizmor: join(folder, 'zizmor/1.32.0/zizmor'),
  schemas: join(folder, 'schemas', converter.slice(0, 12)),
};

/** What a judge says, as JSON; whether it found anything does not matter here. */
export async function ask(program: string, args: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    execFile(program, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      // A number is an exit code: it found something, or it broke and what it wrote is no JSON.
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ stdout, stderr });
    });
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${program} gave no verdict:\n${stderr || stdout}`);
  }
}
