import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { guideConfig, guideSecrets } from '../support/cases';
import { command, envFile, scratch, scratchWith } from '../support/cli';

const given: Record<string, string> = { ...guideConfig, ...guideSecrets };
const encoded = Object.fromEntries(
  Object.entries(guideSecrets).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
);
const service = (environment: unknown, more: object = {}) => ({ image: 'stackauth/server:1', environment, ...more });
const compose = (auth: object) => JSON.stringify({ services: { db: { image: 'postgres:17' }, auth } }, null, 2);
const object = (kind: string, data: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a' },
  data,
  ...more,
});
const yaml = (value: object) => JSON.stringify(value, null, 1);

/** The files in which people have what the server runs with today; the first is the one to import. */
const SOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a compose file with a map': { 'compose.yaml': compose(service(given)) },
  'a compose file with a list': {
    'compose.yaml': compose(service(Object.entries(given).map(([name, value]) => `${name}=${value}`))),
  },
  'a compose file whose values are in .env': {
    'compose.yaml': compose(service(Object.fromEntries(Object.keys(given).map((name) => [name, `\${${name}:?}`])))),
    '.env': envFile(given),
  },
  'a compose file with defaults and names alone': {
    'compose.yaml': compose(
      service([
        ...Object.keys(guideSecrets),
        ...Object.entries(guideConfig).map(([name, value]) => `${name}=\${${name}:-${value}}`),
      ]),
    ),
    '.env': Object.entries(guideSecrets)
      .map(([name, value]) => `export ${name}="${value}" # secret\n`)
      .join(''),
  },
  'a compose file with an env_file that is overridden': {
    'compose.yaml': compose(
      service(
        { CRON_SECRET: guideSecrets.CRON_SECRET },
        { env_file: ['./hexclave.env', { path: 'no.env', required: false }] },
      ),
    ),
    'hexclave.env': envFile({ ...given, CRON_SECRET: 'x' }),
  },
  'a compose file with an anchor that is merged': {
    'compose.yaml': `x-env: &env\n${Object.entries(given)
      .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`)
      .join('')}services:\n  auth:\n    image: stackauth/server\n    environment:\n      <<: *env\n`,
  },
  'a Secret and a ConfigMap': {
    'objects.yaml': `${yaml(object('Secret', encoded))}\n---\n${yaml(object('ConfigMap', guideConfig))}\n`,
  },
  'what kubectl get -o json prints': {
    'objects.json': yaml({
      apiVersion: 'v1',
      kind: 'List',
      items: [object('ConfigMap', guideConfig), object('Secret', encoded)],
    }),
  },
  'a Secret with stringData': { 'secret.yaml': yaml({ ...object('Secret', {}), stringData: given }) },
};

describe('init --from', () => {
  it.each(Object.entries(SOURCES))('takes over what a server has from %s', (_, files) => {
    const folder = scratch();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const run = command(folder, ['init', 'production', '--from', Object.keys(files)[0]!]);
    expect(run.stderr + run.stdout).not.toContain(guideSecrets.STACK_SERVER_SECRET);
    expect(run.code, run.stderr).toBe(0);
    const read = (file: string) => readFileSync(join(folder, 'environments', 'production', file), 'utf8');
    const lines = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^\w+=/.test(line))
        .sort();
    expect(lines(read('config.env'))).toEqual(lines(envFile(guideConfig)));
    expect(lines(read('secrets.env'))).toEqual(lines(envFile(guideSecrets)));
  });

  it.each([
    ['nothing', '', /holds no variable/],
    ['comments alone', '# STACK_SERVER_SECRET=x\n\n', /holds no variable/],
    ['another program’s variables', 'A=1\nB_C=2\n', /no variable of the server/],
    ['empty values', 'STACK_SERVER_SECRET=\nCRON_SECRET=\n', /no variable of the server with a value/],
    ['no server secret', envFile(guideConfig), /has no STACK_SERVER_SECRET/],
    [
      'a compose file with a reference to nothing',
      compose(service({ ...given, CRON_SECRET: `\${NOWHERE}` })),
      /import-unresolved/,
    ],
    [
      'a compose file with a name that only the shell knows',
      compose(service(['STACK_SERVER_SECRET'])),
      /import-unresolved/,
    ],
    [
      'a compose file with a key of several lines',
      compose(service({ ...given, STACK_X_KEY: 'a\nb' })),
      /import-unwritable/,
    ],
    ['a Secret that is not in base64', yaml(object('Secret', { ...encoded, CRON_SECRET: '%%%' })), /import-unresolved/],
    ['a Deployment', yaml(object('Deployment', {})), /no Secret or ConfigMap/],
    ['several services', JSON.stringify({ services: { a: service({}), b: service({}) } }), /--service/],
  ])('makes nothing from %s', (_, text, reason) => {
    const folder = scratch();
    writeFileSync(join(folder, 'file'), text);
    const run = command(folder, ['init', 'production', '--from', 'file']);
    expect(run.stderr).toMatch(reason);
    expect(run.stderr).not.toMatch(/\n {4}at /);
    expect(run.code).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('makes the server secret that a file lacks when the server has never run', () => {
    const folder = scratch();
    writeFileSync(join(folder, 'file'), envFile(guideConfig));
    expect(command(folder, ['init', 'production', '--from', 'file', '--new-secrets'])).toMatchObject({ code: 0 });
  });
});

const env = envFile(given);

/** What is no env file as a whole, and what it is called. */
const FOREIGN: Readonly<Record<string, string | Buffer>> = {
  'an archive packed by gzip': gzipSync(env),
  'a binary file': Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)),
  'a text in UTF-16': Buffer.from(`\ufeff${env}`, 'utf16le'),
  'a shell script': env.replace(/^/gm, 'export ').replace(/export $/, ''),
  'a JSON file': JSON.stringify(given, null, 2),
  'a YAML file': Object.entries(given)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join(''),
  'a compose file': compose(service(given)),
  'a manifest of Kubernetes': yaml(object('Secret', encoded)),
  'an INI or TOML file': `[env]\n${env.replaceAll('=', ' = ')}`,
  'a key or a certificate': '-----BEGIN PRIVATE KEY-----\nMIIE\nabcd\n-----END PRIVATE KEY-----\n',
  'an HTML or XML page': '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n',
  'encrypted by Ansible Vault': '$ANSIBLE_VAULT;1.1;AES256\n62313365396662343061393464336163\n',
};

describe('a file that is no env file', () => {
  it.each(Object.entries(FOREIGN))('is one finding where it stands for config.env: %s', (what, text) => {
    const folder = scratchWith('production');
    writeFileSync(join(folder, 'environments', 'production', 'config.env'), text);
    const { findings } = JSON.parse(command(folder, ['check', 'production', '--format', 'json']).stdout);
    const ofFile = findings.filter(({ rule }: { rule: string }) => rule.startsWith('env-file'));
    expect(ofFile).toMatchObject([{ rule: 'env-file-foreign', line: 0, message: expect.stringContaining(what) }]);
  });
});
