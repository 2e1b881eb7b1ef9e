import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { loadEnvironment } from '../config/load';
import { join } from '../config/paths';
import { namespaceOf } from '../config/secrets/names';
import { Failure } from './failure';
import { type GitOpsTool, gitOpsTools, writeGitOps } from './gitops';
import { completeSecrets } from './init/complete';
import { DEFAULT_IMAGE, type EnvironmentFiles, environmentYaml, parseImage } from './init/files';
import { freshEnvFiles } from './init/fresh';
import { type ImportedEnvFiles, importEnvFile } from './init/imported';
import { readSource, type SourceOptions } from './init/source';
import { locked } from './lock';
import { completeRepository, ignoreSecrets, inTheWayOfProject, schemaReference } from './project';
import { err, out, paint } from './terminal';
import { refuseTracked } from './tracked';

export interface InitOptions {
  /**
   * What gives the server its variables today: an env file as `docker run --env-file` takes it, a compose file, or Secrets and
   * ConfigMaps. @default - new secrets and empty lines to fill in
   */
  readonly from?: string;
  /** Of a compose file. @default - its only one, or the only one that looks like the server */
  readonly service?: string;
  /** @default - hexclave-<name> */
  readonly namespace?: string;
  /** Repository and tag, and a digest if you like. @default - a public build of the server */
  readonly image?: string;
  /** Makes secrets that `from` or an environment lacks, for a server that has never run. @default false */
  readonly newSecrets?: boolean;
  /** Writes argocd.yaml beside the environment: the Application that syncs it. @default false */
  readonly argocd?: boolean;
  /** Writes flux.yaml beside the environment: the GitRepository and Kustomization that sync it. @default false */
  readonly flux?: boolean;
  /** Writes an app in TypeScript around the environment. @default false */
  readonly project?: boolean;
}

/**
 * Makes `environments/<name>/`, or the secrets that one lacks which is there already. Never overwrites anything, and leaves
 * nothing half-made behind.
 */
export function init(name: string, options: InitOptions): number {
  if (!/^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/.test(name)) {
    throw new Failure(
      `"${name}" cannot be an environment`,
      2,
      'Use lower-case letters, digits and dashes, at most 52.',
    );
  }
  const image = options.image === undefined ? DEFAULT_IMAGE : parseImage(options.image);
  if (!image) {
    throw new Failure(
      `"${options.image}" names no image with its tag`,
      2,
      'Write it as stackauth/server:<tag> or stackauth/server:<tag>@sha256:<digest>.',
    );
  }
  if (options.namespace !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(options.namespace)) {
    throw new Failure(
      `"${options.namespace}" cannot be a namespace`,
      2,
      'Use lower-case letters, digits and dashes, at most 63.',
    );
  }
  const folder = join('environments', name);
  const { newSecrets, argocd, flux, ...forNew } = options;
  const isProject = options.project === true;
  const tools = [...(argocd ? (['argocd'] as const) : []), ...(flux ? (['flux'] as const) : [])];
  const isThere = existsSync(join(folder, 'environment.yaml'));
  refuseOverwriting(tools.map((tool) => join(folder, gitOpsTools[tool].file)));
  if (isThere && Object.keys(forNew).length === 0) {
    if (tools.length === 0 || newSecrets) complete(name, folder, newSecrets);
    syncBy(tools, folder, name);
    return 0;
  }
  if (options.service !== undefined && options.from === undefined) {
    throw new Failure('--service says which service of a compose file is meant', 2, 'Add --from <compose file>.');
  }
  if (newSecrets && (isThere || options.from === undefined)) {
    const fix = isThere
      ? 'Leave the other options out: environment.yaml says what they say.'
      : 'Leave it out: a new environment gets new secrets, and --from says which it has already.';
    throw new Failure('--new-secrets is for an environment that is there and lacks its secrets.env', 2, fix);
  }
  refuseOverwriting(FILES.map((file) => join(folder, file)));
  const inTheWay = isProject ? inTheWayOfProject() : undefined;
  if (inTheWay) {
    const fix = 'Leave --project out; README.md of the package shows how to use it in an app that is there.';
    throw new Failure(`${inTheWay} is there already, and --project makes a new app`, 1, fix);
  }
  const env = options.from === undefined ? made() : imported(options.from, folder, options);
  const ignoring = ignoreSecrets(isProject);
  refuseTracked([join(folder, 'secrets.env')]);
  const schema = schemaReference(isProject);
  place(folder, { 'environment.yaml': environmentYaml(name, image, options.namespace, schema), ...env.files });
  err(env.account);
  const written = [...FILES.map((file) => join(folder, file)), ...ignoring, ...completeRepository(name, isProject)];
  out(`${paint(1, 'green', 'Made')} ${written.join(', ')}\n\n${env.next}`);
  out((isProject ? inProject(name) : withCommand(name)).map((line) => `  ${line}\n`).join(''));
  syncBy(tools, folder, name);
  return 0;
}

function withCommand(name: string): string[] {
  return [
    `npx cdk8s-hexclave check ${name}`,
    `npx cdk8s-hexclave synth ${name}`,
    `kubectl apply --server-side --force-conflicts -f dist/${name}`,
  ];
}

function inProject(name: string): string[] {
  return [
    'npm install',
    'npm run check',
    'npm run synth',
    `kubectl apply --server-side --force-conflicts -f dist/${name}.k8s.yaml`,
  ];
}

function refuseOverwriting(files: readonly string[]): void {
  const there = files.find((file) => existsSync(file));
  if (!there) return;
  throw new Failure(
    `${there} is there already, and init overwrites nothing`,
    1,
    'Choose another name, or move the files away first. Without options init adds the secrets that are missing.',
  );
}

/** Writes what the controllers need to sync an environment that is there, and says what is left to do. */
function syncBy(tools: readonly GitOpsTool[], folder: string, name: string): void {
  if (tools.length === 0) return;
  const { draft } = loadEnvironment(folder);
  if (!draft) {
    const fix = `npx cdk8s-hexclave check ${name} says what they are.`;
    throw new Failure(`${join(folder, 'environment.yaml')} has errors, so its namespace is not known`, 1, fix);
  }
  for (const file of writeGitOps(tools, folder, name, namespaceOf(name, draft.settings))) {
    out(`${paint(1, 'green', 'Made')} ${file}: write the address of your repository into it. When dist/ is pushed:\n`);
    out(`  kubectl apply -f ${file}\n`);
  }
}

/** For an environment whose description has come to ask for more secrets, such as those of a store in the namespace. */
function complete(name: string, folder: string, newSecrets?: boolean): number {
  const made = completeSecrets(folder, newSecrets);
  const then = `npx cdk8s-hexclave check ${name} says what else there is to do.\n`;
  if (!made) {
    out(
      `${folder} is there, and its secrets are not kept in secrets.env. npx cdk8s-hexclave keys ${name} lists them.\n`,
    );
  } else if (made.length === 0) out(`${folder} lacks no secret that can be made here. ${then}`);
  else out(`${paint(1, 'green', 'Made')} in ${join(folder, 'secrets.env')}: ${made.join(', ')}\n${then}`);
  return 0;
}

const FILES = ['environment.yaml', 'config.env', 'secrets.env'] as const;

interface EnvFiles {
  readonly files: Pick<EnvironmentFiles, 'config.env' | 'secrets.env'>;
  /** Where each value comes from. */
  readonly account: string;
  /** What to do before the commands that come next. */
  readonly next: string;
}

function made(): EnvFiles {
  const { config, secrets, generated, open } = freshEnvFiles();
  return {
    files: { 'config.env': config, 'secrets.env': secrets },
    account: `New secrets: ${generated.join(', ')}\n`,
    next: `Fill in ${open.join(', ')}\nand set the issuer in environment.yaml. Then:\n`,
  };
}

function imported(from: string, folder: string, options: SourceOptions): EnvFiles {
  const result = importEnvFile(readSource(from, options));
  const name = from === '-' ? 'Standard input' : from;
  return {
    files: { 'config.env': result.config, 'secrets.env': result.secrets },
    account: `${name} → ${folder}\n${result.remarks.map(row).join('')}${newSecrets(result)}`,
    next: `${from === '-' ? 'Look' : `${from} is unchanged; it still holds every secret. Look`} over the lines above and set the issuer in environment.yaml. Then:\n`,
  };
}

function row({ line, name, fate, attention }: ImportedEnvFiles['remarks'][number]): string {
  const text = `  line ${String(line).padStart(3)}  ${name}  ${fate}`;
  return `${attention ? paint(2, 'yellow', text) : text}\n`;
}

function newSecrets({ generated }: ImportedEnvFiles): string {
  return generated.length === 0 ? '' : `  missing, so new in secrets.env: ${generated.join(', ')}\n`;
}

/** All files or none: they are written aside and put in place without replacing anything. */
function place(folder: string, files: EnvironmentFiles): void {
  mkdirSync('environments', { recursive: true });
  locked(join('environments', '.init.lock'), () => {
    // What a killed run has left: it holds secrets. Under the lock nobody is at work on it.
    const left = readdirSync('environments').filter((entry) => /^\.init-\w{6}$/.test(entry));
    for (const entry of left) rmSync(join('environments', entry), { recursive: true });
    placeAlone(folder, files);
  });
}

function placeAlone(folder: string, files: EnvironmentFiles): void {
  const aside = mkdtempSync(join('environments', '.init-'));
  const placed: string[] = [];
  try {
    // environment.yaml is what makes a folder an environment, so it comes last.
    for (const file of [...FILES].reverse()) {
      writeFileSync(join(aside, file), files[file], { mode: file === 'secrets.env' ? 0o600 : 0o644 });
    }
    if (existsSync(folder)) {
      for (const file of FILES) {
        linkSync(join(aside, file), join(folder, file));
        placed.push(join(folder, file));
      }
    } else {
      // mkdtemp makes a folder for its owner alone; this one is an ordinary part of a repository.
      chmodSync(aside, 0o777 & ~process.umask());
      renameSync(aside, folder);
    }
  } catch (error) {
    for (const file of placed) rmSync(file);
    throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
