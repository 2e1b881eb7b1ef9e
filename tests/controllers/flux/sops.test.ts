import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentOn } from '../../cluster/fixtures/environment';
import { apply, get } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { command, envFile, scratch } from '../../support/cli';
import { tool, toolFolder } from '../../support/tools';
import { repository } from '../lib/git';
import { createKustomization, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('secrets.mode: sops', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux-sops');

  it('is sealed by our command and decrypted by kustomize-controller, with the age key from a Secret', async () => {
    await stores.createDatabase(namespace);
    const folder = scratch();
    const key = tool('age-keygen', []);
    const recipient = /public key: (\S+)/.exec(key)![1]!;
    const { yaml, config, secrets } = environmentOn(namespace, stores, namespace, {
      yaml: { replicas: 1, secrets: { mode: 'sops' } },
    });
    const environment = join(folder, 'environments', namespace);
    mkdirSync(environment, { recursive: true });
    writeFileSync(join(folder, '.sops.yaml'), `creation_rules: [{ age: ${recipient} }]\n`);
    writeFileSync(join(environment, 'environment.yaml'), yaml);
    writeFileSync(join(environment, 'config.env'), envFile(config));
    writeFileSync(join(environment, 'secrets.env'), envFile(secrets!));
    const env = { PATH: `${toolFolder}:${process.env.PATH}` };
    for (const args of [['seal', namespace], ['synth']]) {
      expect(command(folder, args, { env })).toMatchObject({ code: 0 });
    }
    const output = join(folder, 'dist', namespace);
    const committed = readdirSync(output).map((file) => [
      `dist/${namespace}/${file}`,
      readFileSync(join(output, file), 'utf8'),
    ]);
    expect(committed.map(([path]) => path)).not.toContain(`dist/${namespace}/11-secret.k8s.yaml`);

    const repo = await repository(namespace);
    const revision = await repo.push('The first one', Object.fromEntries(committed));
    const name = `age-${namespace}`;
    await apply([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: 'flux-system' },
        stringData: { 'age.agekey': key },
      },
    ]);
    await createKustomization({
      name: namespace,
      url: repo.url,
      path: `dist/${namespace}`,
      spec: { decryption: { provider: 'sops', secretRef: { name } } },
    });
    await settled(namespace, revision);
    const { data } = await get('secret', 'hexclave-secrets', '-n', namespace);
    const values = Object.entries(data).map(([variable, value]) => [
      variable,
      Buffer.from(String(value), 'base64').toString(),
    ]);
    expect(Object.fromEntries(values)).toEqual(secrets);
  }, 500_000);
});
