import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import { contents, root } from '../support/cli';
import { type KubeObject, objectsOf } from '../support/objects';
import { appManifest, Consumer, managers, nodes } from './consumer';
import oldest from './package.json';

const { cdk8s, constructs } = manifest.dependencies;
const newestPeers = { cdk8s, constructs };
const version = (alias: string) => alias.split('@').at(-1)!;
const oldestPeers = {
  cdk8s: version(oldest.devDependencies['cdk8s-oldest']),
  constructs: version(oldest.devDependencies['constructs-oldest']),
};

/** The app of somebody who has a chart of their own, and a wish for the server's Deployment. */
const BODY = `
const app = new App();
new ApiObject(new Chart(app, 'own'), 'own', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } });
const auth = Hexclave.fromFolder(new Chart(app, 'auth'), 'auth', 'environments/production');
auth.server.deployment.addJsonPatch(JsonPatch.add('/metadata/labels/team', 'identity'));
app.synth();
const made = [auth.server.deployment, auth.server.services.api, auth.server.services.dashboard];
console.log([auth.namespace, ...made.map(({ name }) => name)].join(' '));
`;
const esm = `import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';\nimport { Hexclave } from 'cdk8s-hexclave';\n${BODY}`;
const cjs = `const { ApiObject, App, Chart, JsonPatch } = require('cdk8s');\nconst { Hexclave } = require('cdk8s-hexclave');\n${BODY}`;
const apps = { 'main.mjs': esm, 'main.cjs': cjs };

describe.each([
  ['the newest', newestPeers, [...nodes.values()]],
  ['the oldest', oldestPeers, [process.execPath]],
])('an app with %s cdk8s and constructs', (_, peers, programs) => {
  it('has the objects of the command beside its own, with its patch, as ES module and as CommonJS', async () => {
    const consumer = await appWith(peers, 'npm');
    for (const program of programs) for (const file of Object.keys(apps)) expectObjects(consumer, program, file);
    expect(readInstalled(consumer, 'cdk8s').version).toBe(peers.cdk8s);
    expect(readInstalled(consumer, 'constructs').version).toBe(peers.constructs);
  });
});

describe('a strict project in TypeScript', () => {
  it('knows the fields of environment.yaml, in modules of every kind', async () => {
    const consumer = await appWith(newestPeers, 'npm');
    const tsconfig = {
      compilerOptions: {
        strict: true,
        module: 'NodeNext',
        target: 'ES2022',
        noEmit: true,
        exactOptionalPropertyTypes: true,
      },
      include: ['*.ts', '*.cts', '*.mts'],
    };
    symlinkSync(join(root, 'node_modules/@types'), join(consumer.folder, 'node_modules/@types'));
    const typed = Object.fromEntries(['a.ts', 'b.cts', 'c.mts'].map((file) => [file, TYPED]));
    consumer.write({ 'tsconfig.json': JSON.stringify(tsconfig), ...typed });
    await consumer.must(join(root, 'node_modules/typescript/bin/tsc'));
  });

  const TYPED = `import { App } from 'cdk8s';
import { type EnvironmentInput, type Finding, HexclaveChart, InvalidEnvironment } from 'cdk8s-hexclave';

const environment: EnvironmentInput = { image: { tag: '53c1c9e' }, replicas: { min: 2, max: 4 } };
// @ts-expect-error there is no such field
export const wrong: EnvironmentInput = { image: { tag: '53c1c9e' }, replica: 2 };
try {
  const { hexclave } = new HexclaveChart(new App(), 'auth', { name: 'production', environment, config: {} });
  const name: string = hexclave.server.services.api.name;
  console.log(name, hexclave.cronJobs.length);
} catch (error) {
  const findings: readonly Finding[] = error instanceof InvalidEnvironment ? error.findings : [];
  console.log(findings.map(({ file, line, message }) => \`\${file}:\${line} \${message}\`));
}
`;
});

describe.each(['pnpm', 'yarn', 'berry', 'plug-and-play'] as const)('installed by %s', (manager) => {
  it('is found by an app and as a command', async () => {
    const isPnp = manager === 'plug-and-play';
    const linker = isPnp ? 'pnp' : 'node-modules';
    const consumer = await appWith(newestPeers, isPnp ? 'berry' : manager, {
      '.yarnrc.yml': `nodeLinker: ${linker}\n`,
    });
    if (isPnp) {
      for (const file of Object.keys(apps)) {
        expect((await consumer.must(managers.berry, 'node', file)).stdout).toContain(SAID);
      }
    } else for (const file of Object.keys(apps)) expectObjects(consumer, process.execPath, file);
  });
});

const SAID = 'hexclave-production hexclave-server hexclave-api hexclave-dashboard';

/** An app with the package, an environment that the package's command has made, and its manifests. */
async function appWith(
  peers: Readonly<Record<string, string>>,
  manager: Exclude<keyof typeof managers, 'npx'>,
  files: Readonly<Record<string, string>> = {},
): Promise<Consumer> {
  const consumer = new Consumer(process.execPath, { ...apps, ...files });
  consumer.write({ 'package.json': appManifest({ ...peers, 'cdk8s-hexclave': '*' }), 'yarn.lock': '' });
  await consumer.must(managers[manager], 'install');
  const [command, ...args] = { npm: ['exec', '--'], pnpm: ['exec'], yarn: ['run', '--silent'], berry: ['run'] }[
    manager
  ];
  const hexclave = (...more: string[]) =>
    consumer.must(managers[manager], command!, ...args, 'cdk8s-hexclave', ...more);
  await hexclave('init', 'production', '--from', '../hexclave.env');
  await hexclave('synth', '--output', 'manifests');
  return consumer;
}

function readInstalled({ folder }: Consumer, name: string): { version: string } {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
}

function objectsIn(files: Record<string, string>): KubeObject[] {
  return objectsOf(new Map(Object.entries(files))).map(({ object }) => object);
}

function expectObjects({ folder }: Consumer, program: string, file: string): void {
  const run = spawnSync(program, [file], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } });
  expect(run).toMatchObject({ status: 0, stdout: `${SAID}\n`, stderr: '' });
  const dist = contents(join(folder, 'dist'));
  expect(Object.keys(dist)).toEqual(['auth.k8s.yaml', 'own.k8s.yaml']);
  const written = objectsIn(contents(join(folder, 'manifests/production')));
  written.find(({ kind }) => kind === 'Deployment').metadata.labels.team = 'identity';
  expect(objectsIn({ auth: dist['auth.k8s.yaml']! })).toEqual(written);
}
