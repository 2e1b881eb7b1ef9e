import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { command, contents, root, scratch, scratchWith } from '../support/cli';

const tools = [
  ['--argocd', 'argocd.yaml', 'argocd/application.yaml', 'repoURL'],
  ['--flux', 'flux.yaml', 'flux/kustomization.yaml', 'url'],
] as const;

const documents = (text: string) => parseAllDocuments(text).map((document) => document.toJS());

describe.each(tools)('init %s', (option, file, example, field) => {
  it('writes the example for an environment that is there, and leaves everything else as it is', () => {
    const folder = scratchWith('eu');
    const environment = join(folder, 'environments', 'eu');
    const before = contents(environment);
    const run = command(folder, ['init', 'eu', option]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(`kubectl apply -f environments/eu/${file}`);
    const { [file]: made, ...others } = contents(environment);
    expect(others).toEqual(before);
    expect(made).not.toContain('production');
    const text = readFileSync(join(root, 'examples', example), 'utf8');
    expect(documents(made!)).toEqual(
      documents(text.replaceAll('hexclave-production', 'hexclave-eu').replaceAll('dist/production', 'dist/eu')),
    );
  });

  it('writes it for a new environment in its namespace, and then overwrites nothing', () => {
    const folder = scratch();
    expect(command(folder, ['init', 'eu', '--namespace', 'auth', option])).toMatchObject({ code: 0 });
    const made = readFileSync(join(folder, 'environments', 'eu', file), 'utf8');
    if (option === '--argocd') expect(documents(made)[0].spec.destination.namespace).toBe('auth');
    const again = command(folder, ['init', 'eu', option]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(`${file} is there already`);
    expect(readFileSync(join(folder, 'environments', 'eu', file), 'utf8')).toBe(made);
  });

  it('leaves the address of the repository open, and check says where until it is filled in', () => {
    const folder = scratchWith('eu');
    command(folder, ['init', 'eu', option]);
    const path = join(folder, 'environments', 'eu', file);
    const text = readFileSync(path, 'utf8');
    const line = text.split('\n').findIndex((item) => item.includes(`${field}: https://git.example.com`)) + 1;
    const run = command(folder, ['check', 'eu']);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(`environments/eu/${file}:${line}`);
    expect(run.stdout).toContain('[gitops-placeholder]');
    writeFileSync(path, text.replace('git.example.com', 'git.acme.test'));
    expect(command(folder, ['check', 'eu']).stdout).not.toContain('gitops-placeholder');
  });
});

it('writes nothing for an environment whose namespace cannot be known', () => {
  const folder = scratchWith('eu');
  writeFileSync(join(folder, 'environments', 'eu', 'environment.yaml'), 'image: [');
  const run = command(folder, ['init', 'eu', '--argocd', '--flux']);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('environment.yaml has errors');
  expect(contents(join(folder, 'environments', 'eu'))).not.toHaveProperty('argocd.yaml');
});
