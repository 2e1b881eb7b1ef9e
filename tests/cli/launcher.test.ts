import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envText, synthesize } from '../support/cases';
import { type CommandRun, contents, node, root } from '../support/cli';
import { snapshotCases } from '../support/snapshot-cases';

/** What the command is made of, in a copy: these tests change it. */
const PARTS = [
  'charts',
  'cli',
  'cluster',
  'config',
  'container',
  'imports',
  'main.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'cdk8s.yaml',
];

let project: string;
const packages = () => join(project, 'node_modules');

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'hexclave-launcher-'));
  for (const part of PARTS) cpSync(join(root, part), join(project, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), packages());
  writeFileSync(join(project, 'hexclave.env'), sampleEnvFile());
  expect(node(project, ['cli/build.mjs'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

afterAll(() => rmSync(project, { recursive: true }));

describe('the bundle', () => {
  it('does everything without a single package installed', () => {
    withoutPackages(() => {
      expect(launch('--version')).toMatchObject({ code: 0 });
      expect(launch('init', 'bundled', '--from', 'hexclave.env')).toMatchObject({ code: 0 });
      expect(launch('check')).toMatchObject({ code: 0 });
      expect(launch('synth')).toMatchObject({ code: 0 });
      expect(launch('synth', 'nowhere')).toMatchObject({ code: 2 });
    });
  });

  it('writes what the TypeScript writes', () => {
    launch('init', 'same', '--from', 'hexclave.env');
    const bundled = withoutPackages(() => launch('synth', 'same', '--output', 'of-bundle'));
    const build = readFileSync(join(project, 'build', 'inputs.json'));
    rmSync(join(project, 'build', 'inputs.json'));
    const interpreted = launch('synth', 'same', '--output', 'of-typescript');
    writeFileSync(join(project, 'build', 'inputs.json'), build);
    expect([bundled.code, interpreted.code]).toEqual([0, 0]);
    expect(bundled.stderr).toBe(interpreted.stderr);
    const files = readdirSync(join(project, 'of-typescript', 'same'));
    expect(readdirSync(join(project, 'of-bundle', 'same'))).toEqual(files);
    for (const file of files) {
      const [a, b] = ['of-bundle', 'of-typescript'].map((folder) =>
        readFileSync(join(project, folder, 'same', file), 'utf8'),
      );
      expect(a).toBe(b);
    }
  });

  /** The bundle leaves out what it takes for unused (cli/lean.mjs): no case may need it. */
  it.each(Object.entries(snapshotCases))('writes the case %s as the TypeScript does', (name, files) => {
    const home = join(project, 'cases', name);
    const folder = join(home, 'environments', files.name ?? 'production');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'environment.yaml'), files.yaml);
    writeFileSync(join(folder, 'config.env'), envText(files.config));
    if (files.secrets) writeFileSync(join(folder, 'secrets.env'), envText(files.secrets));
    for (const [file, text] of Object.entries(files.others ?? {})) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const { code } = withoutPackages(() => node(home, [join(project, 'cli', 'cdk8s-hexclave.cjs'), 'synth']));
    expect(code).toBe(0);
    const dist = join(home, 'dist', files.name ?? 'production');
    const written = readdirSync(dist).map((file) => [file, readFileSync(join(dist, file), 'utf8')]);
    expect(new Map(written as [string, string][])).toEqual(synthesize(files));
  });

  it('is used after a clone or a checkout, which changes times and not contents', () => {
    const file = join(project, 'cli', 'report.ts');
    utimesSync(file, new Date(0), new Date(0));
    withoutPackages(() => expect(launch('--version')).toMatchObject({ code: 0 }));
  });

  it.each([
    ['a source has changed', 'cli/report.ts'],
    ['the packages have changed', 'package-lock.json'],
  ])('is not used when %s', (_, file) => {
    const before = readFileSync(join(project, file), 'utf8');
    // Of the same length, as one changed letter is.
    writeFileSync(join(project, file), before.replace('e', 'E'));
    try {
      withoutPackages(() => {
        expect(launch('--version')).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('Run: npm ci') });
      });
    } finally {
      writeFileSync(join(project, file), before);
    }
  });

  it('gives way to the TypeScript as soon as that changes, with arguments and exit codes', () => {
    const file = join(project, 'cli', 'package.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace(/"version": "[^"]*"/, '"version": "99.9.9"'));
    try {
      expect(launch('--version')).toEqual({ code: 0, stdout: '99.9.9\n', stderr: '' });
      expect(launch('synth', 'nowhere')).toMatchObject({ code: 2 });
    } finally {
      writeFileSync(file, before);
    }
  });

  it.each([
    ['other flags', ['--no-opt'], undefined],
    ['another version of Node', [], 'other'],
    ['a damaged file', [], 'damaged'],
  ])('runs when its compiled code is of no use: %s', (_, flags, cache) => {
    const file = join(project, 'build', 'cdk8s-hexclave.cache');
    const before = readFileSync(file);
    // V8 keeps its version in the first bytes and a checksum of the rest.
    if (cache === 'other') writeFileSync(file, Buffer.concat([Buffer.alloc(16, 7), before.subarray(16)]));
    if (cache === 'damaged') writeFileSync(file, before.subarray(0, 1000));
    try {
      withoutPackages(() => {
        expect(node(project, [...flags, 'cli/cdk8s-hexclave.cjs', 'synth', 'nowhere'])).toMatchObject({ code: 2 });
      });
    } finally {
      writeFileSync(file, before);
    }
  });

  it('is not made, and fails no install, without the development dependencies', () => {
    withoutPackages(() => {
      const before = readdirSync(join(project, 'build'));
      const run = node(project, ['cli/build.mjs']);
      expect(run).toEqual({ code: 0, stdout: expect.stringMatching(/^.*not bundled.*\n$/), stderr: '' });
      expect(readdirSync(join(project, 'build'))).toEqual(before);
    });
  });
});

describe('npx cdk8s synth', () => {
  const env = { CDK8S_CHECK_UPGRADE: 'false' };
  const cdk8s = () => node(project, [join(packages(), 'cdk8s-cli', 'bin', 'cdk8s'), 'synth'], { env });

  it('runs the app and lists what it wrote', () => {
    launch('init', 'cdk8s', '--from', 'hexclave.env');
    const run = cdk8s();
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('dist/cdk8s/40-server.k8s.yaml');
    expect(existsSync(join(project, 'dist', 'cdk8s', '40-server.k8s.yaml'))).toBe(true);
  });

  it('writes what main.ts writes when it is run by itself', () => {
    const run = node(project, ['--import', 'tsx', 'main.ts'], { env: { CDK8S_OUTDIR: 'of-main' } });
    expect(run.code).toBe(0);
    expect(contents(join(project, 'of-main', 'cdk8s'))).toEqual(contents(join(project, 'dist', 'cdk8s')));
  });

  it('ends with 1 on an error, and shows it', () => {
    const file = join(project, 'environments', 'cdk8s', 'config.env');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^STACK_CLICKHOUSE_URL=.*/m, ''));
    const run = cdk8s();
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^error .*STACK_CLICKHOUSE_URL/m);
  });
});

function launch(...args: string[]): CommandRun {
  return node(project, ['cli/cdk8s-hexclave.cjs', ...args]);
}

function withoutPackages<T>(use: () => T): T {
  rmSync(packages());
  try {
    return use();
  } finally {
    symlinkSync(join(root, 'node_modules'), packages());
  }
}

function sampleEnvFile(): string {
  const run = node(root, ['-p', "require('./cli/sample.cjs').sampleEnvFile()"]);
  return run.stdout;
}
