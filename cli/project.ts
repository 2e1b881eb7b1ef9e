import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { resolve } from '../config/paths';
import { name as packageName, version } from './package.json';

/** Where the schema of environment.yaml is kept, from the root of this project as of the package. */
const SCHEMA = 'config/environment.schema.json';
const IN_PACKAGE = `node_modules/${packageName}/${SCHEMA}`;
/** Where a repository keeps it that has the package not as a dependency. */
const COPY = 'environment.schema.json';

/** Keeps secrets out of git where nothing says yet what git ignores. Returns what was made. */
export function ignoreSecrets(isProject: boolean): string[] {
  return makeMissing({ '.gitignore': gitignore(isProject) });
}

/**
 * What else a repository needs beside its environments: `cdk8s synth` knows what to run, an editor what environment.yaml
 * can hold, and for a project of one's own there is an app in TypeScript. Returns what was made.
 */
export function completeRepository(name: string, isProject: boolean): string[] {
  keepSchema(isProject);
  const app = isProject ? 'node --import tsx main.ts' : `npx ${packageName} app`;
  const files = { 'cdk8s.yaml': `language: typescript\napp: ${app}\n` };
  return makeMissing(isProject ? { ...projectFiles(name), ...files } : files);
}

/** The files of a project that are there already; init does not know what they hold. */
export function inTheWayOfProject(): string | undefined {
  return Object.keys(projectFiles('')).find((file) => existsSync(file));
}

/**
 * Where an editor finds the schema, from an environment's folder: in the package where that is a dependency, otherwise in a
 * copy at the root of the repository.
 */
export function schemaReference(isProject: boolean): string {
  return `../../${schemaPlace(isProject)}`;
}

function schemaPlace(isProject: boolean): string {
  return [SCHEMA, IN_PACKAGE].find((path) => existsSync(path)) ?? (isProject ? IN_PACKAGE : COPY);
}

/** Each init brings the copy up to date, which says what this version takes. */
function keepSchema(isProject: boolean): void {
  if (schemaPlace(isProject) === COPY) writeFileSync(COPY, readFileSync(new URL(`../${SCHEMA}`, import.meta.url)));
}

function makeMissing(files: Readonly<Record<string, string>>): string[] {
  const missing = Object.entries(files).filter(([file]) => !existsSync(file));
  for (const [file, text] of missing) writeFileSync(file, text, { flag: 'wx' });
  return missing.map(([file]) => file);
}

function gitignore(isProject: boolean): string {
  const output = isProject
    ? '# Manifests: they hold the secrets of environments with secrets.mode env-file, the default.\n/dist/\n'
    : '# Secrets in clear.\n/dist/*/11-secret.k8s.yaml\n';
  return `node_modules/
${output}/environments/*/secrets.env*
# What a run leaves that was killed, until the next one.
/dist/.*
/environments/.init*
`;
}

/** The versions with which the package is tested. */
const VERSIONS = {
  dependencies: { cdk8s: '2.70.106', constructs: '10.8.1' },
  devDependencies: { '@types/node': '20.19.43', 'cdk8s-cli': '2.207.60', tsx: '4.23.15', typescript: '5.9.3' },
};

function projectFiles(name: string): Record<string, string> {
  const manifest = {
    name:
      basename(resolve('.'))
        .toLowerCase()
        .replace(/[^a-z0-9-]+/g, '-')
        .replace(/^-+|-+$/g, '') || 'hexclave',
    private: true,
    type: 'module',
    scripts: { synth: 'cdk8s synth', check: `${packageName} check`, typecheck: 'tsc' },
    dependencies: { ...VERSIONS.dependencies, [packageName]: version },
    devDependencies: VERSIONS.devDependencies,
  };
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  };
  return {
    'package.json': json(manifest),
    'tsconfig.json': json({ compilerOptions, include: ['*.ts'] }),
    'main.ts': `import { App } from 'cdk8s';
import { HexclaveChart, InvalidEnvironment } from '${packageName}';

try {
  const app = new App();
  const { hexclave } = new HexclaveChart(app, '${name}', { folder: 'environments/${name}' });
  for (const { file, message } of hexclave.warnings) console.error(\`\${file}: \${message}\`);
  // Your own charts stand beside it, and what it made can be patched: hexclave.server.deployment.addJsonPatch(…)
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidEnvironment)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
`,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
