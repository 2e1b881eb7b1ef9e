import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { guideConfig, guideSecrets } from '../support/cases';
import { type CommandRun, envFile, root } from '../support/cli';

const fixtures = join(root, 'tests/package/node_modules');

/** The versions of Node that the package promises: path of the program, where it is installed. */
export const nodes: ReadonlyMap<string, string> = new Map(
  [
    [process.version.slice(1).split('.')[0]!, process.execPath],
    ...['22', '24'].map((major) => [major, join(fixtures, `node-${major}/bin/node`)] as [string, string]),
  ].filter(([, path]) => existsSync(path!)) as [string, string][],
);
if (process.env.CI && nodes.size < 3) throw new Error('Node 22 and 24 are not installed: npm run test:package');

/** Paths of package managers, each a script for Node. */
export const managers = {
  npm: join(dirname(dirname(process.execPath)), 'lib/node_modules/npm/bin/npm-cli.js'),
  npx: join(dirname(dirname(process.execPath)), 'lib/node_modules/npm/bin/npx-cli.js'),
  pnpm: join(fixtures, 'pnpm/bin/pnpm.cjs'),
  yarn: join(fixtures, 'yarn/bin/yarn.js'),
  berry: join(fixtures, '@yarnpkg/cli-dist/bin/yarn.js'),
} as const;

/** An empty folder of somebody's own, and a way to run programs in it that know no other registry. */
export class Consumer {
  readonly folder: string;

  constructor(
    private readonly node = process.execPath,
    files: Readonly<Record<string, string>> = {},
  ) {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'hexclave-consumer-')));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    this.folder = join(home, 'platform');
    mkdirSync(join(home, 'bin'));
    symlinkSync(node, join(home, 'bin', 'node'));
    mkdirSync(this.folder);
    this.write({ '../hexclave.env': envFile({ ...guideConfig, ...guideSecrets }), ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      writeFileSync(join(this.folder, file), text);
    }
  }

  /** Runs a script with this consumer's Node, which is the only one on the path. */
  run(script: string, ...args: string[]): Promise<CommandRun> {
    const home = dirname(this.folder);
    const registry = inject('registry');
    const env = {
      PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
      HOME: home,
      npm_config_registry: registry,
      npm_config_cache: join(home, '.npm'),
      npm_config_update_notifier: 'false',
      npm_config_fund: 'false',
      npm_config_audit: 'false',
      npm_config_store_dir: join(home, '.pnpm-store'),
      YARN_CACHE_FOLDER: join(home, '.yarn-cache'),
      YARN_NPM_REGISTRY_SERVER: registry,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      // The registry does not know since when it has what.
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_ENABLE_GLOBAL_CACHE: 'false',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      CDK8S_CHECK_UPGRADE: 'false',
    };
    return new Promise((resolve) => {
      execFile(this.node, [script, ...args], { cwd: this.folder, env }, (error, stdout, stderr) => {
        resolve({ code: error ? ((error.code as number | undefined) ?? null) : 0, stdout, stderr });
      });
    });
  }

  /** The same for what has to end well; what it wrote is in the error otherwise. */
  async must(script: string, ...args: string[]): Promise<CommandRun> {
    const run = await this.run(script, ...args);
    if (run.code !== 0)
      throw new Error(`${script} ${args.join(' ')} ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
    return run;
  }
}

/** package.json of somebody's own cdk8s app. */
export function appManifest(dependencies: Readonly<Record<string, string>>, type = 'module'): string {
  return JSON.stringify({ name: 'platform', version: '0.0.0', private: true, type, dependencies });
}
