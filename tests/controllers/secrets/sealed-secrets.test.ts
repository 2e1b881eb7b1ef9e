import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { environmentOn, restarts, withoutServer } from '../../cluster/fixtures/environment';
import { get, kubectl, onNode } from '../../cluster/lib/kubectl';
import { useNamespace } from '../../cluster/lib/namespace';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { envFile } from '../../support/cli';
import { onNodeNetwork } from '../lib/programs';
import { SEALED_SECRETS } from './lib/addresses';
import { type Folder, folderOf } from './lib/folder';
import { valuesOf } from './lib/secret';

const SECRET = 'hexclave-secrets';
const scopes = ['strict', 'namespace-wide', 'cluster-wide'] as const;
const stores = sharedStores();

/** An environment whose secrets are sealed with the certificate that the controller shows. */
async function sealedEnvironment(namespace: string, scope: (typeof scopes)[number]) {
  const files = environmentOn(namespace, stores, namespace, { yaml: { secrets: { mode: 'sealed-secrets', scope } } });
  const folder = folderOf(files);
  await writeCertificate(folder, namespace);
  folder.run('seal', namespace);
  return { files, folder };
}

/** What `kubeseal --fetch-cert` writes. */
async function writeCertificate(folder: Folder, name: string): Promise<string> {
  const { code, stdout } = await onNodeNetwork(['curl', '--silent', '--fail', `http://${SEALED_SECRETS}/v1/cert.pem`]);
  expect(code).toBe(0);
  writeFileSync(join(folder.path, 'environments', name, 'certificate.pem'), stdout);
  return stdout;
}

describe.each(scopes)('an environment sealed in the scope %s', (scope) => {
  const namespace = useNamespace(`sealed-${scope}`, { create: false });

  it('comes up from one apply, the controller opening its values on the way', async () => {
    await stores.createDatabase(namespace);
    const { files, folder } = await sealedEnvironment(namespace, scope);
    await folder.deploy();
    await rolledOut(namespace, 'deployment/hexclave-server', 300);
    expect(await valuesOf(namespace, SECRET)).toEqual(files.secrets);
    const { status } = await get('sealedsecret', SECRET, '-n', namespace);
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Synced', status: 'True' }));
    expect(await restarts(namespace)).toBe(0);
    await withoutServer(namespace);
  }, 400_000);
});

describe('sealed values', () => {
  const namespace = useNamespace('sealed-twice', { create: false });
  const elsewhere = useNamespace('sealed-elsewhere');
  let folder: Folder;
  let values: Record<string, string>;

  beforeAll(async () => {
    // Nothing but the values matters here: no pod has to start.
    const sealed = await sealedEnvironment(namespace, 'strict');
    folder = sealed.folder;
    values = sealed.files.secrets!;
    folder.run('synth', namespace);
    await apply('00-namespace', '12-secret-source');
    await opened();
  });

  const apply = (...names: string[]) =>
    kubectl(['apply', ...names.flatMap((name) => ['-f', join(folder.path, 'dist', namespace, `${name}.k8s.yaml`)])]);
  const opened = () =>
    eventually('the Secret', async () => {
      const found = await valuesOf(namespace, SECRET);
      expect(found).toEqual(values);
      return true;
    });

  it('are opened after the controller has made a new key, and those sealed anew with it, too', async () => {
    const before = await writeCertificate(folder, namespace);
    await onNode(['pkill', '-USR1', '-f', '/sealed-secrets --listen-addr']);
    await eventually('another certificate', async () => (await writeCertificate(folder, namespace)) !== before);
    await kubectl(['delete', 'secret', SECRET, '-n', namespace]);
    await opened();

    const { metadata } = await get('secret', SECRET, '-n', namespace);
    folder.run('seal', namespace, '--all');
    folder.run('synth', namespace);
    await apply('12-secret-source');
    await eventually('the controller has seen the values sealed anew', async () => {
      const { metadata: sealed, status } = await get('sealedsecret', SECRET, '-n', namespace);
      return status.observedGeneration === sealed.generation;
    });
    await opened();
    expect((await get('secret', SECRET, '-n', namespace)).metadata.uid).toBe(metadata.uid);
  });

  it('change in the Secret when a value is sealed anew', async () => {
    values = { ...values, CRON_SECRET: `${values.CRON_SECRET}2` };
    writeFileSync(join(folder.path, 'environments', namespace, 'secrets.env'), envFile(values));
    folder.run('seal', namespace);
    folder.run('synth', namespace);
    await apply('12-secret-source');
    await opened();
  });

  it('are not opened in another namespace, and the controller says so where doctor finds it', async () => {
    const { spec } = await get('sealedsecret', SECRET, '-n', namespace);
    const copy = {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: SECRET, namespace: elsewhere },
      spec: { encryptedData: spec.encryptedData },
    };
    await kubectl(['apply', '-f', '-'], { input: JSON.stringify(copy) });
    const message = await eventually('the refusal', async () => {
      const { status } = await get('sealedsecret', SECRET, '-n', elsewhere);
      return status?.conditions?.find(
        ({ type, status }: { type: string; status: string }) => type === 'Synced' && status === 'False',
      )?.message;
    });
    expect(message).toContain('no key could decrypt secret');
    expect(await kubectl(['get', 'secret', SECRET, '-n', elsewhere, '--ignore-not-found'])).toBe('');
  });

  it('are refused by synth as soon as the environment is for another namespace', () => {
    const file = join(folder.path, 'environments', namespace, 'environment.yaml');
    const yaml = readFileSync(file, 'utf8');
    writeFileSync(file, yaml.replaceAll(namespace, elsewhere));
    expect(() => folder.run('synth', namespace)).toThrow(/sealed for/);
    writeFileSync(file, yaml);
  });
});
