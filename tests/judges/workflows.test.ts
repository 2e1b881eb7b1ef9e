import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, tools } from './tools';

const folder = new URL('../../.github/workflows/', import.meta.url).pathname;
const workflows = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);

describe('the workflows', () => {
  it('are what GitHub understands, with scripts that shellcheck lets pass', async () => {
    expect(await actionlint(folder)).toEqual([]);
  }, 60_000);

  it('give nobody more than they need: nothing that zizmor finds in its strictest mood', async () => {
    expect(await zizmor(folder)).toEqual([]);
  }, 60_000);

  it.each(workflows)('%s names every action by its commit, with the version beside it', (_, text) => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, what]) => what);
    expect(uses.length).toBeGreaterThan(3);
    for (const what of uses) expect(what).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

describe('their judges', () => {
  const wrong = (change: (text: string) => string) => {
    const home = mkdtempSync(join(tmpdir(), 'hexclave-workflows-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    mkdirSync(join(home, '.github/workflows'), { recursive: true });
    const [file, text] = workflows.find(([name]) => name === 'release.yaml')!;
    expect(change(text)).not.toBe(text);
    writeFileSync(join(home, '.github/workflows', file), change(text));
    return join(home, '.github/workflows/');
  };

  it.each<[string, string, (text: string) => string]>([
    ['all permissions', 'excessive-permissions', (text) => text.replace('permissions: {}', 'permissions: write-all')],
    ['an action by its tag', 'unpinned-uses', (text) => text.replace(/(setup-node)@\w+ # /, '$1@')],
    [
      'a tag in a script',
      'template-injection',
      (text) => text.replace('"$GITHUB_REF_NAME"', `"$\{{ github.ref_name }}"`),
    ],
    [
      'credentials left in the clone',
      'artipacked',
      (text) => text.replace('persist-credentials: false', 'clean: true'),
    ],
  ])(
    'find %s',
    async (_, ident, change) => {
      expect(await zizmor(wrong(change))).toContain(ident);
    },
    60_000,
  );

  it('find a job that waits for one that is not there', async () => {
    const found = await actionlint(wrong((text) => text.replace('needs: build', 'needs: test')));
    expect(found).toContainEqual(expect.stringContaining('"test"'));
  }, 60_000);
});

async function actionlint(where: string): Promise<string[]> {
  const files = readdirSync(where).map((file) => join(where, file));
  const found = (await ask(tools.actionlint, ['-format', '{{json .}}', ...files])) as { message: string }[];
  return found.map(({ message }) => message);
}

async function zizmor(where: string): Promise<string[]> {
  const args = ['--offline', '--persona=pedantic', '--format=json', '--quiet', where];
  return ((await ask(tools.zizmor, args)) as { ident: string }[]).map(({ ident }) => ident);
}
