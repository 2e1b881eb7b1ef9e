import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Failure } from '../failure';

/** What a registry says of an image. */
export type Answer = { readonly digest: string } | { readonly problem: string };

/** Asks a registry for an image. */
export type Ask = (image: string, platform?: string) => Answer;

/**
 * Asks registries by the program that is there: it has the logins, the mirrors and the certificates that its user has set
 * up, and this command needs none of its own.
 * @throws Failure when none of the programs is installed
 */
export function registryClient(): Ask {
  for (const [program, ask] of Object.entries(clients)) {
    const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
    if (!error) return ask;
  }
  throw new Failure(
    `Asking a registry needs one of ${Object.keys(clients).join(', ')}, and none is installed`,
    1,
    'Install crane: https://github.com/google/go-containerregistry, or skopeo, which most distributions have.',
  );
}

const clients: Readonly<Record<'crane' | 'skopeo', Ask>> = {
  crane: (image, platform) => said(spawn('crane', ['digest', ...(platform ? ['--platform', platform] : []), image])),
  skopeo: (image, platform) => {
    const reference = image.replace(/:[^:/@]+@/, '@');
    const [os, arch] = (platform ?? '').split('/');
    const chosen = platform ? ['--override-os', os!, '--override-arch', arch!] : [];
    // Without a platform the digest of the index is wanted, which stands for all of them.
    const format = platform ? ['--format', '{{.Digest}}'] : ['--raw'];
    const run = spawn('skopeo', [...chosen, 'inspect', '--no-tags', ...format, `docker://${reference}`]);
    return said(platform || run.status !== 0 ? run : { ...run, stdout: digestOf(run.stdout) });
  },
};

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function spawn(program: string, args: readonly string[]): Run {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') {
    return { status: null, stdout: '', stderr: 'the registry did not answer within a minute' };
  }
  if (error) throw error;
  return { status, stdout, stderr };
}

function said({ status, stdout, stderr }: Run): Answer {
  const digest = /^sha256:[0-9a-f]{64}$/m.exec(stdout.trim())?.[0];
  if (status === 0 && digest) return { digest };
  return { problem: stderr.trim().split('\n').at(-1) || `the program ended with ${status} and said nothing` };
}

function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}
