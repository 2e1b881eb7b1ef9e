import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Files } from '../../support/cases';
import { root } from '../../support/cli';
import { canBrowse, startBrowser, type Visit, visit } from '../lib/browser';
import { figure, seconds } from '../lib/figures';
import { type Front, startFront } from '../lib/front';
import { ADMINISTRATOR, API, DASHBOARD } from '../lib/production';

const HOSTS = [API, DASHBOARD];

/** What the build complains of wherever it does not run at the vendor's, and that nobody misses. */
const KNOWN = [
  // Scripts of the vendor's own hosting.
  /\/_vercel\/(insights|speed-insights)\/script\.js/,
  // Asks the vendor for the newest version.
  /Error checking version/,
  // Records what is done in the dashboard, into a bucket that this environment does not have.
  /^500 .*\/session-replays\/batch$/,
];

/** What a person does with the dashboard, behind HTTPS. */
export function browser(namespace: string, files: Files): void {
  const there = canBrowse();
  let front: Front;
  let started: Browser;
  let seen: Visit;
  let project: string;

  beforeAll(async () => {
    if (!there) return;
    front = await startFront(namespace, files);
    started = await startBrowser(front, HOSTS);
    seen = await visit(started, HOSTS);
  });
  afterAll(async () => {
    await started?.close();
    await front?.stop();
  });

  it.runIf(there)('signs the seeded administrator in', async () => {
    const { page } = seen;
    const took = await seconds(async () => {
      await page.goto(`https://${DASHBOARD}/`);
      await page.waitForURL('**/handler/sign-in**');
      await page.locator('input[type=email]').fill(ADMINISTRATOR.email);
      await page.locator('input[type=password]').fill(ADMINISTRATOR.password);
      await page.locator('input[type=password]').press('Enter');
      await page.getByRole('button', { name: 'Create Project' }).waitFor();
    });
    figure('in a browser', 'sign-in, to the list of projects', took, 's');
  });

  it.runIf(there)('makes a project', async () => {
    const { page } = seen;
    await page.getByRole('button', { name: 'Create Project' }).click();
    await page.getByPlaceholder('My Project').fill('Acme');
    await page.getByRole('button', { name: 'Create Project' }).click();
    await page.waitForURL(/project_id=/);
    project = new URL(page.url()).searchParams.get('project_id')!;
    expect(project).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.runIf(there)('makes its keys and shows them, and the API takes them from there', async () => {
    const { page } = seen;
    await page.goto(`https://${DASHBOARD}/projects/${project}/project-keys`);
    await page.getByRole('button', { name: 'Create Project Keys' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
    const shown = page.getByRole('dialog').filter({ hasText: 'not be able to view' });
    await shown.waitFor();
    const fields = await shown.locator('input:not([type=checkbox]), textarea').all();
    const values = await Promise.all(fields.map((field) => field.inputValue()));
    // Each element by itself: what stands beside the key is not part of it.
    const texts = await shown.getByText('ssk_').allTextContents();
    const key = [...values, ...texts].map((text) => /ssk_[a-z0-9]+/.exec(text)?.[0]).find(Boolean) ?? '';
    // Not the key itself, which a failure would print.
    expect(key.length).toBeGreaterThan(20);
    const status = await page.evaluate(
      async ([url, id, secret]) => {
        const headers = {
          'x-stack-project-id': id,
          'x-stack-access-type': 'server',
          'x-stack-secret-server-key': secret,
        };
        return (await fetch(url, { headers })).status;
      },
      [`https://${API}/api/v1/users`, project, key] as const,
    );
    expect(status).toBe(200);
    figure('in a browser', 'project made, its key shown, and taken by the API', 'works');
  });

  it.runIf(there)('asks no host outside that the docs do not list, and finds nothing broken', async () => {
    const { foreign, problems } = seen;
    figure(
      'in a browser',
      'hosts outside',
      [...foreign].map(([name, times]) => `${name} (${times})`).join(', ') || 'none',
    );
    const docs = readFileSync(join(root, 'docs', 'explanation', 'server.md'), 'utf8');
    for (const host of foreign.keys()) expect(docs).toContain(`\`${host}\``);
    expect(problems.filter((problem) => !KNOWN.some((known) => known.test(problem)))).toEqual([]);
  });
}
