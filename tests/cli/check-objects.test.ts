import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command, scratchWith } from '../support/cli';

const PATCHES = `
patches:
  - target: { kind: Deployment }
    patch: [{ op: add, path: /spec/template/spec/schedulerName, value: hidden-value }]
`;
const OWN = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: own }\ndata: { a: hidden-value }\n';

function project(patches: string, own = OWN): string {
  const folder = scratchWith('production');
  const environment = join(folder, 'environments/production');
  const file = join(environment, 'environment.yaml');
  writeFileSync(file, readFileSync(file, 'utf8') + patches);
  mkdirSync(join(environment, 'extra'));
  writeFileSync(join(environment, 'extra/own.yaml'), own);
  return folder;
}

test('check shows what patches change and which objects are the user’s own, without their values', () => {
  const folder = project(PATCHES);
  const { stdout } = command(folder, ['check']);
  expect(stdout).toMatch(
    /^environments\/production\/environment\.yaml:\d+ {2}changes Deployment\/hexclave-server: add \/spec\/template\/spec\/schedulerName$/m,
  );
  expect(stdout).toMatch(/^environments\/production\/extra\/own\.yaml:1 {2}brings ConfigMap\/own$/m);
  expect(stdout).not.toContain('hidden-value');
  const json = JSON.parse(command(folder, ['check', '--format', 'json']).stdout);
  expect(json.environments).toEqual([
    {
      name: 'production',
      valid: true,
      patches: [
        {
          file: 'environments/production/environment.yaml',
          line: expect.any(Number),
          objects: ['Deployment/hexclave-server'],
          operations: ['add /spec/template/spec/schedulerName'],
        },
      ],
      extra: [{ file: 'environments/production/extra/own.yaml', line: 1, object: 'ConfigMap/own' }],
    },
  ]);
});

test.each([
  ['check', ['check']],
  ['synth', ['synth']],
  ['cdk8s synth', ['app']],
  ['graph', ['graph', 'production']],
  ['images', ['images', 'production']],
  ['pin', ['pin', 'production']],
])('%s stops at a patch that takes a promise away, with its line', (_, args) => {
  const folder = project(PATCHES.replace('/spec/template/spec/schedulerName', '/spec/selector'));
  const { code, stdout, stderr } = command(folder, args);
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(
    /environment\.yaml:\d+ {2}patches\.0 {2}It takes something away from Deployment\/hexclave-server/,
  );
  expect(stdout + stderr).toContain('[patch-breaks-promise]');
  expect(stdout + stderr).not.toContain('hidden-value');
});
