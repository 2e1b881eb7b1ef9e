import { beforeAll, describe, expect, it } from 'vitest';
import { environmentOn, restarts, serverPods, withoutServer } from '../../cluster/fixtures/environment';
import { apply, get, kubectl } from '../../cluster/lib/kubectl';
import { useNamespace } from '../../cluster/lib/namespace';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { folderOf } from './lib/folder';
import { valuesOf } from './lib/secret';
import { allow, type Entry, follow, forbid, store, writeEntry } from './lib/vault';

const SECRET = 'hexclave-secrets';
/** What the operator asks for besides the required ones, since nobody can look into the store. */
const OPTIONAL = ['STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD'];
const stores = sharedStores();

describe('an environment whose secrets are in a store', () => {
  const vault = useNamespace('vault');
  const namespace = useNamespace('external', { create: false });
  const settings = (more: object = {}) => ({
    mode: 'external-secrets',
    store: { name: 'vault' },
    from: { key: 'production' },
    variables: OPTIONAL,
    remoteRefs: { STACK_EMAIL_PASSWORD: { key: 'mail', property: 'password' } },
    generators: { CRON_SECRET: { name: 'random' } },
    ...more,
  });
  const plain = environmentOn(namespace, stores, namespace);
  const files = (more: object = {}) => {
    const mail = {
      STACK_EMAIL_HOST: 'smtp.acme.test',
      STACK_EMAIL_PORT: '587',
      STACK_EMAIL_USERNAME: 'auth',
      STACK_EMAIL_SENDER: 'auth@acme.test',
    };
    const { secrets: _, ...rest } = environmentOn(namespace, stores, namespace, {
      yaml: { secrets: settings(more) },
      config: mail,
    });
    return rest;
  };
  const { CRON_SECRET: _made, ...entry } = plain.secrets!;

  it('comes up whatever comes first: manifests, generator, store or the entries in it', async () => {
    await stores.createDatabase(namespace);
    const folder = folderOf(files());
    await folder.deploy();
    await eventually(
      'pods that wait for their Secret',
      async () => {
        const [pod] = await serverPods(namespace);
        return JSON.stringify(pod.status).includes('CreateContainerConfigError');
      },
      120,
    );
    await apply([
      {
        apiVersion: 'generators.external-secrets.io/v1alpha1',
        kind: 'Password',
        metadata: { name: 'random', namespace },
        spec: { length: 32, symbols: 0, noUpper: false, allowRepeat: true },
      },
    ]);
    await store(vault, namespace);
    await writeEntry(vault, 'mail', { password: 'mail-password-of-the-tests' });
    await writeEntry(vault, 'production', entry);
    await rolledOut(namespace, 'deployment/hexclave-server', 400);
    expect(await restarts(namespace)).toBe(0);
    expect(await valuesOf(namespace, SECRET)).toEqual({ ...entry, STACK_EMAIL_PASSWORD: 'mail-password-of-the-tests' });
    const generated = await valuesOf(namespace, 'hexclave-generated-cron-secret');
    expect(generated.CRON_SECRET).toMatch(/^\w{32}$/);
  }, 600_000);

  it('keeps its values while the store has newer ones, until the revision says so: then the pods roll with them', async () => {
    const before = (await serverPods(namespace)).map(({ metadata }) => metadata.name);
    await writeEntry(vault, 'mail', { password: 'another-password' });
    const followed = await follow(namespace, 'mail', 'password');
    await eventually(
      'the operator has seen it',
      async () => (await valuesOf(namespace, followed)).password === 'another-password',
      120,
    );
    expect((await valuesOf(namespace, SECRET)).STACK_EMAIL_PASSWORD).toBe('mail-password-of-the-tests');
    await folderOf(files({ revision: 2 })).deploy();
    await rolledOut(namespace, 'deployment/hexclave-server', 300);
    await eventually(
      'the new value',
      async () => (await valuesOf(namespace, SECRET)).STACK_EMAIL_PASSWORD === 'another-password',
    );
    const after = (await serverPods(namespace)).map(({ metadata }) => metadata.name);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
  }, 400_000);

  it('rolls its pods while the store is down, with the values that it had', async () => {
    await forbid(vault, namespace);
    await kubectl(['rollout', 'restart', '-n', namespace, 'deployment/hexclave-server']);
    await rolledOut(namespace, 'deployment/hexclave-server', 300);
    expect((await valuesOf(namespace, SECRET)).STACK_EMAIL_PASSWORD).toBe('another-password');
    await allow(vault, namespace);
    await withoutServer(namespace);
  }, 400_000);
});

describe('the Secret of an ExternalSecret', () => {
  const vault = useNamespace('vault-rules');
  const namespaces = {
    periodic: useNamespace('external-periodic', { create: false }),
    once: useNamespace('external-once', { create: false }),
    orphan: useNamespace('external-orphan', { create: false }),
    owner: useNamespace('external-owner', { create: false }),
    lacking: useNamespace('external-lacking', { create: false }),
  };
  const entry: Entry = environmentOn('any', stores, 'any').secrets!;

  /** The namespace and the ExternalSecret of an environment, and the store they ask. */
  async function external(namespace: string, more: object): Promise<void> {
    const secrets = {
      mode: 'external-secrets',
      store: { name: 'vault' },
      from: { key: namespace },
      variables: OPTIONAL,
      ...more,
    };
    const { secrets: _, ...files } = environmentOn(namespace, stores, namespace, { yaml: { secrets } });
    const folder = folderOf(files);
    folder.run('synth', namespace);
    for (const name of ['00-namespace', '12-secret-source'])
      await kubectl(['apply', '-f', `${folder.path}/dist/${namespace}/${name}.k8s.yaml`]);
    await store(vault, namespace);
  }
  const holds = (namespace: string, values: Entry) =>
    eventually(
      'the values',
      async () => {
        expect(await valuesOf(namespace, SECRET)).toEqual(values);
        return true;
      },
      120,
    );

  beforeAll(async () => {
    for (const namespace of Object.values(namespaces)) await writeEntry(vault, namespace, entry);
    const { CRON_SECRET: _, ...less } = entry;
    await writeEntry(vault, namespaces.lacking, less);
    await external(namespaces.periodic, { refreshPolicy: 'Periodic', refreshInterval: '2s', reloader: true });
    await external(namespaces.once, { refreshPolicy: 'CreatedOnce' });
    await external(namespaces.orphan, { creationPolicy: 'Orphan' });
    await external(namespaces.owner, {});
    await external(namespaces.lacking, {});
  }, 300_000);

  it('follows the store with Periodic, and never again with CreatedOnce', async () => {
    await Promise.all([holds(namespaces.periodic, entry), holds(namespaces.once, entry)]);
    const changed = { ...entry, CRON_SECRET: `${entry.CRON_SECRET}2` };
    await Promise.all([namespaces.periodic, namespaces.once].map((namespace) => writeEntry(vault, namespace, changed)));
    await holds(namespaces.periodic, changed);
    expect(await valuesOf(namespaces.once, SECRET)).toEqual(entry);
  }, 200_000);

  it('goes with its ExternalSecret as Owner, and stays as Orphan', async () => {
    await Promise.all([holds(namespaces.owner, entry), holds(namespaces.orphan, entry)]);
    for (const namespace of [namespaces.owner, namespaces.orphan])
      await kubectl(['delete', 'externalsecret', SECRET, '-n', namespace]);
    await eventually(
      'the end of the Secret',
      async () => (await kubectl(['get', 'secret', SECRET, '-n', namespaces.owner, '--ignore-not-found'])) === '',
    );
    await holds(namespaces.orphan, entry);
  }, 200_000);

  it('is not made by halves when the store lacks a variable, and the ExternalSecret says which', async () => {
    const { status } = await eventually(
      'a refusal',
      async () => {
        const found = await get('externalsecret', SECRET, '-n', namespaces.lacking);
        return found.status?.conditions?.some(({ status }: { status: string }) => status === 'False') && found;
      },
      120,
    );
    expect(status.conditions[0]).toMatchObject({ type: 'Ready', reason: 'SecretSyncedError' });
    const events = await kubectl(['get', 'events', '-n', namespaces.lacking, '-o', 'jsonpath={.items[*].message}']);
    expect(events).toContain('CRON_SECRET');
    expect(await kubectl(['get', 'secret', SECRET, '-n', namespaces.lacking, '--ignore-not-found'])).toBe('');
  }, 200_000);
});
