import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { withoutDropped } from '../../cluster/diff/client-side';
import { changedFields, shown } from '../../cluster/diff/fields';
import { GROUPS } from '../../cluster/diff/left';
import { mendRefusal } from '../../cluster/diff/refusals';
import { complaints } from '../../cluster/kubectl';
import { envText, guideSecrets, synthesize } from '../support/cases';
import { command, edit, scratchWith } from '../support/cli';
import { snapshotCases } from '../support/snapshot-cases';

// What an API server answers is in tests/cluster/diff.test.ts; here kubectl says what a test wants.

describe('the fields that differ', () => {
  const object = (spec: object, metadata = {}) => ({ metadata: { name: 'a', ...metadata }, spec });
  const paths = (before: object, after: object) => changedFields(before, after).map(({ path }) => path);

  it('are named as people write them, lists by the names of their members', () => {
    const pod = (image: string, value: string) =>
      object({ containers: [{ name: 'b' }, { name: 'a', image, env: [{ name: 'X', value }] }] });
    expect(paths(pod('1', 'x'), pod('2', 'y'))).toEqual([
      'spec.containers[a].image',
      'spec.containers[a].env[X].value',
    ]);
  });

  it.each([
    [
      'what the API server keeps account of',
      object({}, { resourceVersion: '1', uid: 'a', generation: 1, managedFields: [1] }),
      object({}, { resourceVersion: '2' }),
    ],
    ['the status', { ...object({}), status: { ready: 1 } }, object({})],
    [
      'the copy that kubectl keeps',
      object({}, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }),
      object({}),
    ],
    [
      'the order of a list that goes by names',
      object({ containers: [{ name: 'a' }, { name: 'b' }] }),
      object({ containers: [{ name: 'b' }, { name: 'a' }] }),
    ],
    ['empty and absent', object({ tolerations: [], labels: {}, x: null }), object({})],
  ])('do not hold %s', (_, before, after) => {
    expect(paths(before, after)).toEqual([]);
  });

  it('tell a list of plain values as one', () => {
    expect(changedFields(object({ args: ['a'] }), object({ args: ['b'] }))).toEqual([
      { path: 'spec.args', before: ['a'], after: ['b'] },
    ]);
  });

  it('show no credential, and no text of many lines', () => {
    expect(shown(`https://user:${'x'.repeat(9)}@acme.test`)).toBe('(withheld)');
    expect(shown('a\nb')).toBe('(a text of 2 lines)');
    expect(shown(undefined)).toBe('(nothing)');
  });

  it('hold what an apply on the client side had and the manifests have not, and nothing that others have added', () => {
    const last = {
      metadata: { name: 'a' },
      data: { gone: '1', kept: '2' },
      spec: { containers: [{ name: 'gone' }, { name: 'kept', env: [{ name: 'X' }] }] },
    };
    const wanted = { metadata: { name: 'a' }, data: { kept: '2' }, spec: { containers: [{ name: 'kept' }] } };
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(last) };
    const managedFields = [{ manager: 'kubectl-client-side-apply', operation: 'Update' }];
    const live = { ...last, metadata: { name: 'a', annotations, managedFields }, data: { ...last.data, theirs: '3' } };
    expect(withoutDropped(live, live, wanted)).toMatchObject({
      data: { kept: '2', theirs: '3' },
      spec: { containers: [{ name: 'kept' }] },
    });
    const since = {
      ...live,
      metadata: { ...live.metadata, managedFields: [{ manager: 'kubectl', operation: 'Apply' }] },
    };
    expect(withoutDropped(since, live, wanted)).toBe(live);
  });
});

it('what kubectl complains about is told without what the API server quotes, and without its own log', () => {
  const stderr = [
    'E1129 13:12:33.009252   30034 memcache.go:265] "Unhandled Error" err="x"',
    'Warning: something',
    'Job.batch "a" is invalid: spec.template: Invalid value: {"a":"b: c","Args":["password: x"]}: field is immutable',
  ].join('\n');
  expect(complaints({ stderr })).toEqual([
    'Job.batch "a" is invalid: spec.template: Invalid value: field is immutable',
  ]);
});

it.each([
  ['StatefulSet', 'spec: Forbidden: updates to statefulset spec for fields other than …', '--cascade=orphan'],
  ['Deployment', 'spec.selector: Invalid value: field is immutable', 'kubectl delete deployment a -n b'],
  ['Job', 'spec.template: Invalid value: field is immutable', 'kubectl delete job a -n b'],
  ['Service', 'spec.clusterIP: Invalid value: field is immutable', 'kubectl delete service a -n b'],
  [
    'Certificate',
    'no matches for kind "Certificate" in version "x/v1"',
    'Install or upgrade the controller of x, with its definitions.',
  ],
  ['Secret', 'secrets "a" is forbidden: User "x" cannot patch resource "secrets"', 'Ask for the right'],
  ['Pod', 'admission webhook "policy" denied the request', 'policy of the cluster'],
  ['Pod', 'something else', 'Mend what it says'],
])('a refusal of a %s says what to do: %s', (kind, said, fix) => {
  expect(mendRefusal({ apiVersion: 'x/v1', kind, metadata: { name: 'a', namespace: 'b' } }, said)).toContain(fix);
});

it('leftovers are looked for in the groups of every object that the manifests can hold', () => {
  for (const files of Object.values(snapshotCases)) {
    for (const text of synthesize(files).values()) {
      for (const document of parseAllDocuments(text)) {
        const { apiVersion } = document.toJS();
        expect([...GROUPS]).toContain(apiVersion.split('/').slice(0, -1).join('/'));
      }
    }
  }
});

describe('the command', () => {
  it('ends with 2 when the environment has errors, kubectl is not there, or the cluster cannot be reached', () => {
    const folder = scratchWith('production');
    const none = command(folder, ['diff', 'production'], { env: { PATH: join(folder, 'nothing') } });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('The program kubectl is not installed') });
    for (const [said, message] of [
      ['Unable to connect to the server: dial tcp: lookup a: no such host', 'kubectl cannot reach the cluster'],
      ['error: You must be logged in to the server (Unauthorized)', 'The cluster does not know you'],
    ]) {
      expect(withKubectl(folder, `echo '${said}' >&2; exit 1`)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(message!),
      });
    }
    edit(folder, 'production', /^NEXT_PUBLIC_STACK_API_URL=.*/m, '');
    expect(withKubectl(folder, 'exit 9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The cluster was not asked'),
    });
  });

  it('prints no secret, whatever the API server says', () => {
    const folder = scratchWith('production');
    const config = join(folder, 'environments/production/config.env');
    writeFileSync(config, `${readFileSync(config, 'utf8')}${envText({ SOMETHING: 'x' })}`);
    writeFileSync(join(folder, 'echo.js'), ECHO);
    const values = Object.values(guideSecrets);
    writeFileSync(
      join(folder, 'said'),
      values.flatMap((value) => [value, btoa(value), encodeURIComponent(value)]).join(' '),
    );
    for (const options of [[], ['--fields'], ['--format', 'json']]) {
      const { code, stdout, stderr } = withKubectl(
        folder,
        `exec '${process.execPath}' '${folder}/echo.js' "$@"`,
        options,
      );
      expect(code).toBe(1);
      expect(stdout).toContain('(withheld)');
      for (const value of values) {
        for (const form of [value, btoa(value), encodeURIComponent(value)]) expect(stdout + stderr).not.toContain(form);
      }
    }
  });
});

/** A kubectl to which every object is there, and which refuses each with all that a log could hold. */
const ECHO = `
const { readFileSync } = require('node:fs');
const args = process.argv.slice(4);
const [verb] = args;
const said = readFileSync(__dirname + '/said', 'utf8');
const input = args.includes('-') ? JSON.parse(readFileSync(0, 'utf8')).items : [];
if (verb === 'get' && args[1] === 'namespace') console.log('namespace/there');
else if (verb === 'get') console.log(JSON.stringify({ kind: 'List', items: input }));
else if (verb === 'apply') { console.error('Warning: ' + said); console.error('it is refused: ' + said); process.exit(1); }
`;

function withKubectl(folder: string, script: string, options: readonly string[] = []) {
  writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'kubectl'), 0o755);
  return command(folder, ['diff', 'production', ...options], { env: { PATH: `${folder}:${process.env.PATH}` } });
}
