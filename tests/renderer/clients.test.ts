import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE, PACKAGES, TestRenderer } from './lib';
import { runJob, runScript } from './sdks';
import { moduleOf, templateNames } from './templates';

let renderer: TestRenderer;

beforeAll(async () => {
  renderer = await TestRenderer.start();
});

afterAll(() => renderer.remove());

const access = () => ({ apiKey: renderer.key, baseUrl: renderer.url });
const run = (code: string, packages: Record<string, string> = PACKAGES) => runScript(access(), code, packages);
const job = (code: string, packages: Record<string, string> = PACKAGES) => runJob(access(), code, packages);

describe.each([
  ['freestyle-sandboxes, of generations A and B', run],
  ['freestyle, of generation C', job],
])('the published SDK %s', (_, call) => {
  it('gets what a module returns', async () => {
    expect(
      await call('export default async () => ({ status: "ok", data: [1, "zwei", null, { drei: "👍" }] })'),
    ).toEqual({
      status: 'ok',
      data: [1, 'zwei', null, { drei: '👍' }],
    });
  });

  it('gets an error that a module returns as a result', async () => {
    const error = { status: 'error', error: { message: 'the template is wrong' } };
    expect(await call(`export default async () => (${JSON.stringify(error)})`)).toEqual(error);
  });

  it.each([
    ['throws', 'export default async () => { throw new Error("no such variable"); }', /no such variable/],
    ['throws while it is loaded', 'throw new Error("broken");', /broken/],
    ['is no JavaScript', 'export default async () => {', /SyntaxError|Unexpected/],
    ['returns nothing to call', 'export const a = 1;', /default export/],
    ['imports what is not there', 'import "nodemailer"; export default () => 1;', /no module "nodemailer"/],
    ['is a workflow', 'export default () => fetch("https://api.acme.test");', /does not run workflows/],
  ])('gets an error when a module %s', async (_name, code, message) => {
    await expect(call(code)).rejects.toThrow(message);
  });

  it('is told which packages are lacking', async () => {
    await expect(call('export default () => 1', { ...PACKAGES, react: '20.0.0', zod: '4.0.0' })).rejects.toThrow(
      /lacks react@20\.0\.0, zod@4\.0\.0; it has .*react@19\.1\.1/,
    );
    await expect.poll(() => renderer.log).toContain('lacks react@20.0.0');
  });

  it('gets a batch of fifty and a template of 2 MB', async () => {
    const batch = await call(
      `export default async () => Array.from({ length: 50 }, (_, i) => ({ html: 'ä'.repeat(20000) + i }))`,
    );
    expect((batch as { html: string }[]).map(({ html }) => html.length)).toHaveLength(50);
    const large = 'x'.repeat(2 << 20);
    expect(await call(`const text = '${large}'; export default async () => text.length`)).toBe(2 << 20);
  });

  it('gets fifty results that it asks for at once, each its own', async () => {
    const all = Array.from({ length: 50 }, (_, index) => call(`export default async () => ${index}`));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  }, 120_000);
});

describe('a renderer', () => {
  it('ends what it has when it is asked to go, and takes no more', async () => {
    const slow = run('export default () => new Promise((done) => setTimeout(() => done("late"), 3000))');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const ended = renderer.stop();
    await expect.poll(() => renderer.status('/ready')).toBe(503);
    expect(await slow).toBe('late');
    expect(await ended).toBe(0);
    await renderer.launch();
    expect(await run('export default () => "again"')).toBe('again');
  }, 120_000);

  it('gives the same bytes for the same script', async () => {
    const code = await moduleOf('style sheets of Tailwind');
    const random = 'export default () => [Math.random(), new Date(0).toString(), (1e6).toLocaleString(), process.env]';
    expect(await run(code)).toEqual(await run(code));
    expect(await run(random)).toEqual(await run(random));
  });

  it.each(templateNames)('renders %s as the packages do in Node alone', async (name) => {
    const code = await moduleOf(name);
    const expected = inPlainNode(code);
    expect(expected, JSON.stringify(expected)).toMatchObject({ status: 'ok' });
    expect(await run(code)).toEqual(expected);
    expect(await job(code)).toEqual(expected);
  });

  it('answers 501 to a call it does not know, and says which', async () => {
    expect((await renderer.post('/v5/vms/snapshots', {})).status).toBe(501);
    await expect.poll(() => renderer.log).toContain('unknown call: POST /v5/vms/snapshots');
  });
});

/** The same module in a Node without any of this, where the packages are installed. */
function inPlainNode(code: string): unknown {
  const folder = mkdtempSync(join(new URL('../../node_modules/', import.meta.url).pathname, '.render-'));
  try {
    writeFileSync(join(folder, 'code.mjs'), code);
    writeFileSync(join(folder, 'run.mjs'), 'import run from "./code.mjs"; console.log(JSON.stringify(await run()));');
    const { stdout, stderr } = spawnSync(NODE, [join(folder, 'run.mjs')], {
      encoding: 'utf8',
      env: { NODE_ENV: 'production' },
    });
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
