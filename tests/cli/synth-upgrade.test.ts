import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VERSION } from '../../config/version';
import { command, edit, scratchWith } from '../support/cli';

const MARK = /hexclave\.dev\/generator: .*/;

/** An environment whose manifests another version has made. */
function madeBy(version: string | undefined): { folder: string; file: string } {
  const folder = scratchWith('production');
  expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
  const file = join(folder, 'dist/production/10-configuration.k8s.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(`hexclave.dev/generator: "${VERSION}"`);
  writeFileSync(file, text.replace(MARK, version ? `hexclave.dev/generator: "${version}"` : 'other: value'));
  return { folder, file };
}

const told = (folder: string) =>
  command(folder, ['synth'])
    .stderr.split('\n')
    .filter((line) => line.includes('last made'));

it.each([
  ['0.0.9', '0.0.9'],
  [undefined, 'a version that did not say so'],
])('synth says once that %s made the manifests before, and that nothing else changes', (version, name) => {
  const { folder } = madeBy(version);
  expect(told(folder)).toEqual([
    `production was last made by ${name}; ${VERSION} ${version ? 'changes nothing but this mark' : 'changes ConfigMap/hexclave-config'}.`,
  ]);
  expect(told(folder)).toEqual([]);
});

it('synth says what the new manifests do to an install, to people and to programs, and no value', () => {
  const { folder } = madeBy('0.0.9');
  const url = 'https://api.another.test';
  edit(folder, 'production', /^NEXT_PUBLIC_STACK_API_URL=.*/m, `NEXT_PUBLIC_STACK_API_URL=${url}`);
  const { stdout } = command(folder, ['synth', '--format', 'json']);
  const { upgrade } = JSON.parse(stdout).written[0];
  expect(upgrade).toMatchObject({
    from: '0.0.9',
    to: VERSION,
    refused: [],
    rolls: ['Deployment/hexclave-server'],
    changes: expect.arrayContaining(['ConfigMap/hexclave-config', 'Ingress/hexclave-api']),
    gone: [],
  });
  expect(JSON.stringify(upgrade)).not.toContain('another.test');
});

it('synth says nothing of manifests that are not there, or that cannot be read as YAML', () => {
  const { folder, file } = madeBy('0.0.9');
  writeFileSync(join(folder, 'dist/production/40-server.k8s.yaml'), '"');
  expect(told(folder)[0]).toContain('changes');
  writeFileSync(file, '');
  expect(command(folder, ['synth', '--output', 'elsewhere']).stderr).not.toContain('last made');
});
