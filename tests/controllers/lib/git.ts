import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onNode } from '../../cluster/lib/kubectl';
import { bedFolder, startProcess } from './programs';

const PORT = 3000;

/** Starts the Git server of the bed. Repositories are made by `repository`, also from other threads. */
export async function startGitServer(): Promise<void> {
  const folder = join(bedFolder(), 'git');
  mkdirSync(folder, { recursive: true });
  const script = fileURLToPath(new URL('./git-server.mjs', import.meta.url));
  await startProcess('git', [process.execPath, script, folder, String(PORT)], {
    ready: `http://127.0.0.1:${PORT}/healthz`,
  });
}

export interface Repository {
  /** As the controllers and a user reach it. */
  readonly url: string;
  /**
   * Commits and pushes as a user does: the tree holds these files and no others below the folders that they are in.
   * Returns the commit.
   */
  push(message: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Runs git in the user's clone, e.g. to revert. */
  git(...args: string[]): Promise<string>;
}

/** Makes an empty repository on the Git server, and a user's clone of it. */
export async function repository(name: string): Promise<Repository> {
  const url = `http://10.244.0.1:${PORT}/${name}.git`;
  await onNode(['git', 'init', '--quiet', '--bare', '--initial-branch=main', join(bedFolder(), 'git', `${name}.git`)]);
  const clone = mkdtempSync(join(tmpdir(), 'hexclave-clone-'));
  const git = (...args: string[]) => onNode(['git', '-C', clone, ...IDENTITY, ...args]);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', url);
  return {
    url,
    git,
    async push(message, files) {
      const folders = new Set(Object.keys(files).map((file) => dirname(file)));
      for (const folder of folders) if (folder !== '.') rmSync(join(clone, folder), { recursive: true, force: true });
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(clone, file)), { recursive: true });
        writeFileSync(join(clone, file), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      await git('push', '--quiet', 'origin', 'HEAD:main');
      return (await git('rev-parse', 'HEAD')).trim();
    },
  };
}

const IDENTITY = ['-c', 'user.name=A user', '-c', 'user.email=user@acme.test', '-c', 'commit.gpgsign=false'];
