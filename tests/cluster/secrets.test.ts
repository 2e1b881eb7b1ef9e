import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../config/contract';
import { guideConfig, guideSecrets, madeUp, synthesize } from '../support/cases';
import { type CommandRun, command, envFile, scratch } from '../support/cli';
import { sealedFixture } from '../support/encrypted';
import { toolFolder } from '../support/tools';
import { apply, get, kubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';

const EDGE = 'image: { tag: 53c1c9e }\nedge: { type: none }\n';
const required = contract.filter((item) => item.required && item.secret).map((item) => item.name);

describe('the objects that become Secrets', () => {
  const namespace = useNamespace('secret-sources');
  const yaml = (secrets: string) => `${EDGE}namespace: { name: ${namespace} }\nsecrets: { ${secrets} }\n`;

  beforeAll(async () => {
    // The operators' own definitions, from their modules; tests/tools/install.sh fetches them.
    for (const file of [
      'github.com/bitnami-labs/sealed-secrets-v0.27.1.yaml',
      'github.com/external-secrets/external-secrets-v1.3.2.yaml',
    ]) {
      await apply(readFileSync(join(dirname(toolFolder), 'crds', file), 'utf8'));
    }
    const names = ['sealedsecrets.bitnami.com', 'externalsecrets.external-secrets.io'];
    await kubectl(['wait', '--for=condition=Established', ...names.map((name) => `crd/${name}`), '--timeout=30s']);
  });

  it.each(['strict', 'namespace-wide', 'cluster-wide'])(
    'are accepted as SealedSecrets in the scope %s',
    async (scope) => {
      const label = { strict: `${namespace}/hexclave-secrets`, 'namespace-wide': namespace, 'cluster-wide': '' }[
        scope
      ]!;
      const files = synthesize({
        yaml: yaml(`mode: sealed-secrets, scope: ${scope}`),
        config: guideConfig,
        others: { 'secrets.sealed.yaml': sealedFixture(guideSecrets, label) },
      });
      await apply(files.get('12-secret-source.k8s.yaml')!);
      const { spec } = await get('sealedsecret', 'hexclave-secrets', '-n', namespace);
      expect(Object.keys(spec.encryptedData).sort()).toEqual(Object.keys(guideSecrets).sort());
      expect(spec.template.metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'hexclave' });
    },
  );

  it.each(['OnChange', 'Periodic', 'CreatedOnce'])(
    'are accepted as ExternalSecrets with the policy %s',
    async (policy) => {
      const store = 'store: { name: vault, kind: ClusterSecretStore }, from: { key: hexclave/production }';
      const more = `variables: [MIGRATION_DATABASE_CONNECTION_STRING], generators: { CRON_SECRET: { name: password } }, remoteRefs: { STACK_EMAIL_PASSWORD: { key: smtp, property: p, version: v1 } }`;
      const files = synthesize({
        yaml: yaml(`mode: external-secrets, ${store}, ${more}, refreshPolicy: ${policy}, creationPolicy: Orphan`),
        config: {
          ...guideConfig,
          STACK_EMAIL_HOST: 'smtp.acme.test',
          STACK_EMAIL_PORT: '587',
          STACK_EMAIL_USERNAME: 'a',
          STACK_EMAIL_SENDER: 'a@acme.test',
        },
      });
      for (const file of ['12-secret-source.k8s.yaml', '13-migration-secret-source.k8s.yaml'])
        await apply(files.get(file)!);
      const { items } = await get('externalsecret', '-n', namespace);
      expect(items.map((item: { metadata: { name: string } }) => item.metadata.name).sort()).toEqual([
        'hexclave-generated-cron-secret',
        'hexclave-migration-database',
        'hexclave-secrets',
      ]);
      const main = items.find((item: { metadata: { name: string } }) => item.metadata.name === 'hexclave-secrets');
      expect(main.spec).toMatchObject({
        refreshPolicy: policy,
        target: { creationPolicy: 'Orphan', deletionPolicy: 'Retain' },
      });
      expect(main.spec.data).toHaveLength(required.length);
    },
  );
});

describe('preflight', () => {
  const namespace = useNamespace('preflight');

  it('names the keys that an existing Secret lacks, and is content once they are there', async () => {
    const folder = project(namespace, 'mode: existing, name: given', {});
    const nothing = preflight(folder);
    expect(nothing.code).toBe(1);
    expect(nothing.stdout).toMatch(
      /Secret given {2}It is not in the namespace .*\n.*CRON_SECRET, .*STACK_SERVER_SECRET/,
    );

    const { CRON_SECRET, STACK_SERVER_SECRET, ...rest } = guideSecrets;
    await secret(namespace, 'given', { ...rest, HEXCLAVE_SERVER_SECRET: STACK_SERVER_SECRET! });
    const partly = preflight(folder);
    expect(partly.code).toBe(1);
    expect(partly.stdout).toMatch(/^error .*CRON_SECRET {2}The variable is required/m);
    expect(partly.stdout).toMatch(/^error .*STACK_SERVER_SECRET {2}The variable is required/m);
    expect(partly.stdout).toMatch(
      /^warning .*HEXCLAVE_SERVER_SECRET {2}The manifests read this variable under the key STACK_SERVER_SECRET/m,
    );
    expect(partly.stdout.match(/^error/gm)).toHaveLength(2);

    await secret(namespace, 'given', guideSecrets);
    const complete = preflight(folder);
    expect(complete.code).toBe(0);
    for (const run of [nothing, partly, complete]) {
      for (const value of Object.values(guideSecrets)) expect(run.stdout + run.stderr).not.toContain(value);
    }
  });

  it('knows what only works together, from the names of the keys', async () => {
    const folder = project(namespace, 'mode: existing, name: mailer', {
      STACK_EMAIL_HOST: 'smtp.acme.test',
      STACK_EMAIL_PORT: '587',
      STACK_EMAIL_USERNAME: 'a',
      STACK_EMAIL_SENDER: 'a@acme.test',
    });
    await secret(namespace, 'mailer', guideSecrets);
    expect(preflight(folder).stdout).toMatch(/^error .*STACK_EMAIL_PASSWORD .*\n.*\[half-configured\]/m);
    await secret(namespace, 'mailer', { ...guideSecrets, STACK_EMAIL_PASSWORD: madeUp('smtp') });
    expect(preflight(folder).code).toBe(0);
  });

  it('looks for everything else that the pods read and the manifests do not hold', async () => {
    const more = `imagePullSecrets: [pull]\ncaBundle: { configMap: authority }\nenv: { MY_TOKEN: { secret: tokens, key: mine } }\n`;
    const folder = project(namespace, 'mode: existing, name: given', {}, more);
    await secret(namespace, 'given', guideSecrets);
    const run = preflight(folder);
    expect(run.code).toBe(1);
    for (const object of ['Secret pull', 'ConfigMap authority', 'Secret tokens'])
      expect(run.stdout).toContain(`${object}  It is not`);
    await kubectl(['create', 'configmap', 'authority', '-n', namespace, '--from-literal=ca.crt=x']);
    await kubectl([
      'create',
      'secret',
      'docker-registry',
      'pull',
      '-n',
      namespace,
      '--docker-server=r',
      '--docker-username=u',
      '--docker-password=p',
    ]);
    await secret(namespace, 'tokens', { other: 'x' });
    expect(preflight(folder).stdout).toMatch(/Secret tokens {2}It lacks mine/);
    await secret(namespace, 'tokens', { mine: 'x' });
    expect(preflight(folder).code).toBe(0);
  });

  it('only warns of a Secret that a controller makes after the first apply', async () => {
    const settings = 'mode: external-secrets, store: { name: vault }, from: { key: auth }';
    const run = preflight(project(namespace, settings, {}));
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^warning .*Secret hexclave-secrets {2}It is not in the namespace/m);
  });

  it('says it plainly when the user may not read Secrets, or is not logged in', async () => {
    const folder = project(namespace, 'mode: existing, name: given', {});
    await kubectl(['create', 'serviceaccount', 'nobody', '-n', namespace]);
    const token = (await kubectl(['create', 'token', 'nobody', '-n', namespace])).trim();
    const forbidden = preflight(folder, await kubeconfig(folder, token));
    expect(forbidden).toMatchObject({ code: 1 });
    expect(forbidden.stderr).toContain(`You may not read the Secret given in ${namespace}`);
    const stranger = preflight(folder, await kubeconfig(folder, 'no-token-of-this-cluster'));
    expect(stranger).toMatchObject({ code: 1 });
    expect(stranger.stderr).toContain('The cluster does not know you');
  });
});

function project(namespace: string, secrets: string, config: Record<string, string>, more = ''): string {
  const folder = scratch();
  const environment = join(folder, 'environments', 'production');
  mkdirSync(environment, { recursive: true });
  const yaml = `${EDGE}namespace: { name: ${namespace} }\nsecrets: { ${secrets} }\n${more}`;
  writeFileSync(join(environment, 'environment.yaml'), yaml);
  writeFileSync(join(environment, 'config.env'), envFile({ ...guideConfig, ...config }));
  return folder;
}

function preflight(folder: string, config = process.env.KUBECONFIG!): CommandRun {
  const own = process.env.HEXCLAVE_KUBECTL ? `${dirname(process.env.HEXCLAVE_KUBECTL)}:` : '';
  return command(folder, ['preflight', 'production'], {
    env: { PATH: `${own}${process.env.PATH}`, KUBECONFIG: config },
  });
}

async function secret(namespace: string, name: string, values: Record<string, string>): Promise<void> {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)]));
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data };
  await kubectl(['replace', '--force', '-f', '-'], { input: JSON.stringify(object) });
}

/** The kubeconfig of the tests with another user. */
async function kubeconfig(folder: string, token: string): Promise<string> {
  const config = JSON.parse(await kubectl(['config', 'view', '--raw', '--minify', '--output', 'json']));
  const [{ name: user }] = config.users;
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, JSON.stringify({ ...config, users: [{ name: user, user: { token } }] }));
  return file;
}
