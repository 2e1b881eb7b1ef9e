import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../cluster/doctor';
import { checkGroups } from '../../cluster/doctor/checks';
import { guideSecrets } from '../support/cases';
import { command, root, scratchWith } from '../support/cli';
import { headings } from '../support/headings';
import { healthy, recorded } from './fixtures/doctor-facts';

const checks = checkGroups.flatMap((group) => group.checks);

describe('doctor, of what a cluster answers', () => {
  it('finds nothing in a server that is well', () => {
    expect(diagnose(healthy())).toEqual([]);
  });

  it.each(Object.keys(recorded))('finds %s, and that alone', (id) => {
    const found = diagnose(recorded[id]!(healthy()));
    expect(found.map(({ check }) => check)).toEqual([id]);
    const [{ object, message, fix }] = found as [(typeof found)[number]];
    for (const text of [object, message, fix]) expect(text).not.toMatch(/undefined|\[object|^$/);
  });

  it('prints no secret that a log or an event holds', () => {
    const values = Object.values(guideSecrets);
    const lines = values.flatMap((value) => [
      `step migrate failed ${value}`,
      `svix ECONNREFUSED ${btoa(value)} ${encodeURIComponent(value)}`,
    ]);
    const facts = {
      ...healthy(),
      logs: [{ pod: 'a', component: 'server', container: 'server', previous: false, lines }],
    };
    const text = JSON.stringify(diagnose(facts));
    expect(text).toContain('(withheld)');
    for (const value of values) for (const form of [value, btoa(value)]) expect(text).not.toContain(form);
  });
});

describe('every problem that doctor knows', () => {
  it('has an id of its own', () => {
    const ids = checks.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids.length).toBeGreaterThan(40);
  });

  it.each(checks.map((check) => [check.id, check] as const))(
    'has a test that provokes it, and a page that is there: %s',
    (id, check) => {
      const [file, title] = check.test;
      const fixture = join(
        root,
        dirname(file),
        'fixtures',
        file.includes('cluster') ? 'culprits.ts' : 'doctor-facts.ts',
      );
      const text = readFileSync(join(root, file), 'utf8') + readFileSync(fixture, 'utf8');
      expect(text).toContain(title);
      if (!file.includes('cluster')) expect(Object.keys(recorded)).toContain(id);
      else expect(text).toContain(id);
      const [page, anchor] = check.page.split('#') as [string, string?];
      expect(existsSync(join(root, page))).toBe(true);
      if (anchor) expect(headings(join(root, page))).toContain(anchor);
    },
  );
});

it('the command ends with 2 when the environment has errors or there is no kubectl', () => {
  const folder = scratchWith('production');
  const run = command(folder, ['doctor', 'production'], { env: { PATH: join(folder, 'nothing') } });
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('The program kubectl is not installed') });
});
