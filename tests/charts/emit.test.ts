import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import * as YAML from 'yaml';
import { emit } from '../../charts/emit';
import { known, pieces } from '../support/hard-strings';

const texts = fc.uniqueArray(
  fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...pieces), maxLength: 8 }) },
    { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789_+-.eExob:'), maxLength: 8 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  ),
  { minLength: 300, maxLength: 600, size: 'max' },
);

const folder = mkdtempSync(join(tmpdir(), 'emit-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a string in every position', () => {
  const readers: [string, string[], (yaml: string) => unknown][] = [
    ['yaml in 1.1 mode', [], (yaml) => YAML.parse(yaml, { version: '1.1', merge: true })],
    ['yaml in 1.2 mode', [], (yaml) => YAML.parse(yaml, { version: '1.2' })],
    ['kubectl', ['needs-kubectl'], readWithKubectl],
    ['PyYAML', ['needs-python3-yaml'], readWithPython],
  ];

  for (const [reader, tags, read] of readers) {
    it(`reaches ${reader} unchanged when it is known to be difficult`, { tags }, () => {
      expectToSurvive(known, read);
    });

    it(`reaches ${reader} unchanged whatever it holds`, { tags }, () => {
      fc.assert(
        fc.property(texts, (strings) => expectToSurvive(strings, read)),
        // Hundreds of strings a run; to shrink them would start a process thousands of times.
        { numRuns: 5, endOnFailure: true },
      );
    });
  }
});

describe('plain data', () => {
  const data = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('list'), tie('map')),
    scalar: fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
    map: fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  })).value;

  it('is the same after a round trip, whatever its shape', () => {
    fc.assert(
      fc.property(fc.array(data, { minLength: 1, maxLength: 3 }), (documents) => {
        const back = YAML.parseAllDocuments(emit(documents)) as YAML.Document[];
        // JSON is what an API server is sent: it has no -0 and no prototype.
        expect(back.map((document) => JSON.stringify(document))).toEqual(documents.map((one) => JSON.stringify(one)));
      }),
      { numRuns: 300 },
    );
  });

  it('reads like a manifest written by hand', () => {
    const pod = {
      apiVersion: 'v1',
      metadata: { name: 'a', annotations: {}, labels: { 'app.kubernetes.io/name': 'a', version: '1.10', on: 'yes' } },
      spec: {
        containers: [
          {
            image: 'docker.io/stackauth/server:53c1c9e',
            args: [],
            command: ['sh', '-ec', 'one\n\n  two\n'],
            ports: [{ containerPort: 80 }],
          },
          { image: undefined, env: [{ name: 'A', value: 'true' }, undefined, { name: 'B', value: undefined }] },
        ],
        matrix: [[1, [2.5]], []],
        automount: false,
        nothing: null,
      },
    };
    expect(emit([pod, { kind: 'List' }])).toBe(`apiVersion: v1
metadata:
  name: a
  annotations: {}
  labels:
    app.kubernetes.io/name: a
    version: "1.10"
    "on": "yes"
spec:
  containers:
    - image: docker.io/stackauth/server:53c1c9e
      args: []
      command:
        - sh
        - "-ec"
        - |
          one

            two
      ports:
        - containerPort: 80
    - env:
        - name: A
          value: "true"
        - name: B
  matrix:
    - - 1
      - - 2.5
    - []
  automount: false
  nothing: null
---
kind: List
`);
  });

  it('is written out twice when it is used twice, never as an anchor', () => {
    const shared = { a: ['b'] };
    expect(emit([{ x: shared, y: shared }])).toBe('x:\n  a:\n    - b\n"y":\n  a:\n    - b\n');
  });
});

describe('what YAML cannot carry', () => {
  it.each([
    ['a lone surrogate', { a: ['x', 'secret\ud800'] }, '$.a[1]: holds half a character (a lone surrogate)'],
    ['a lone surrogate in a key', { '\udc00': 1 }, 'holds half a character'],
    ['not a number', { a: Number.NaN }, '$.a: NaN cannot be written as YAML'],
    ['a Date', { a: { b: new Date(0) } }, '$.a.b: a Date cannot be written as YAML'],
    ['a Map', [new Map()], '$[0]: a Map cannot be written as YAML'],
    ['a function', { a: () => 1 }, '$.a: a function cannot be written as YAML'],
    ['a bigint', { a: 1n }, '$.a: a bigint cannot be written as YAML'],
  ])('is refused with its place: %s', (_, value, message) => {
    expect(() => emit([value])).toThrow(message);
  });

  it('is refused without repeating the text, which may be a secret', () => {
    expect(() => emit([{ a: 'secret\ud800' }])).toThrow(/^(?!.*secret)/);
  });
});

function expectToSurvive(strings: readonly string[], read: (yaml: string) => unknown): void {
  const object = {
    apiVersion: 'example.com/v1',
    kind: 'Probe',
    metadata: { name: 'probe' },
    values: Object.fromEntries(strings.map((text, index) => [`v${index}`, text])),
    list: strings,
    nested: strings.map((text) => ({ deep: [[text]] })),
    keys: Object.fromEntries(strings.map((text, index) => [text, { index }])),
  };
  const back = read(emit([object])) as typeof object;
  expect(Object.values(back.values).sort()).toEqual(Object.values(object.values).sort());
  expect(back.list).toEqual(strings);
  expect(back.nested).toEqual(object.nested);
  expect(sorted(back.keys)).toEqual(sorted(object.keys));
}

function sorted(map: Record<string, { index: number }>): [string, number][] {
  return Object.entries(map)
    .map(([key, { index }]): [string, number] => [key, index])
    .sort((a, b) => a[1] - b[1]);
}

function readWithKubectl(yaml: string): unknown {
  const file = join(folder, 'probe.yaml');
  writeFileSync(file, yaml);
  return JSON.parse(output('kubectl', ['annotate', '--local', '-o', 'json', '-f', file, 'x=y']));
}

function readWithPython(yaml: string): unknown {
  const program = 'import sys, json, yaml; print(json.dumps(yaml.safe_load(sys.stdin.buffer)))';
  return JSON.parse(output('python3', ['-c', program], yaml));
}

function output(command: string, args: string[], input?: string): string {
  const run = spawnSync(command, args, { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`${command}: ${run.stderr.slice(0, 2000)}`);
  return run.stdout;
}
