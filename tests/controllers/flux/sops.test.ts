import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { environmentFolder } from '../../cluster/fixtures/commands';
import { environmentOn, serverPods } from '../../cluster/fixtures/environment';
import { get, kubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { command } from '../../support/cli';
import { tool, toolFolder } from '../../support/tools';
import { type Repository, repository } from '../lib/git';
import { createKustomization, FLUX, fetched, reconcile, saying, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('secrets.mode: sops', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux-sops');
  const files = environmentOn(namespace, stores, namespace, { yaml: { replicas: 1, secrets: { mode: 'sops' } } });
  const folder = environmentFolder(files);
  const [mine, strangers] = [tool('age-keygen', []), tool('age-keygen', [])];
  let repo: Repository;

  /** Runs our command, with sops and age on the path. */
  function ours(...args: string[]): void {
    expect(command(folder, args, { env: { PATH: `${toolFolder}:${process.env.PATH}` } })).toMatchObject({ code: 0 });
  }

  /** Seals, synthesizes and commits, as docs/how-to/secrets-sops.md says. */
  function commit(message: string): Promise<string> {
    ours('seal', namespace);
    ours('synth', namespace);
    const output = join(folder, 'dist', namespace);
    const texts = readdirSync(output).map((file) => [
      `dist/${namespace}/${file}`,
      readFileSync(join(output, file), 'utf8'),
    ]);
    return repo.push(message, Object.fromEntries(texts));
  }

  async function giveKey(key: string): Promise<void> {
    const file = join(folder, 'age.txt');
    writeFileSync(file, key);
    await kubectl(['delete', 'secret', 'sops-age', '-n', FLUX, '--ignore-not-found']);
    await kubectl(['create', 'secret', 'generic', 'sops-age', '-n', FLUX, `--from-file=age.agekey=${file}`]);
  }

  const values = async () => {
    const { data } = await get('secret', 'hexclave-secrets', '-n', namespace);
    return Object.fromEntries(
      Object.entries<string>(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]),
    );
  };

  beforeAll(async () => {
    const recipient = /public key: (\S+)/.exec(mine)![1]!;
    writeFileSync(
      join(folder, '.sops.yaml'),
      `creation_rules: [{ path_regex: '\\.sops\\.yaml$', age: ${recipient} }]\n`,
    );
    await kubectl(['delete', 'secret', 'sops-age', '-n', FLUX, '--ignore-not-found']);
    await stores.createDatabase(namespace);
    repo = await repository(namespace);
  });

  it('is refused in Flux’ own words without decryption, without the key and with another key', async () => {
    const revision = await commit('The first one');
    await createKustomization(namespace, repo.url);
    await fetched(namespace, revision);
    await saying(namespace, /^Ready False ReconciliationFailed: Secret\/\S+\/hexclave-secrets is SOPS encrypted/m);
    await createKustomization(namespace, repo.url, decrypting);
    await saying(namespace, /^Ready False \w+: .*secrets? "?sops-age"? not found/im);
    await giveKey(strangers);
    await reconcile(namespace);
    await saying(namespace, /^Ready False BuildFailed: decryption failed for .*hexclave-secrets/m);
    expect((await serverPods(namespace)).length).toBe(0);
  }, 400_000);

  it('is opened by kustomize-controller with the age key from a Secret', async () => {
    await giveKey(mine);
    await reconcile(namespace);
    await saying(namespace, /^Ready True/m);
    expect(await values()).toEqual(files.secrets);
  }, 400_000);

  it('rolls the pods with a value that was rotated, sealed and committed', async () => {
    const [before] = await serverPods(namespace);
    ours('rotate', namespace, 'CRON_SECRET');
    await settled(namespace, await commit('Another secret'));
    expect((await values()).CRON_SECRET).not.toBe(files.secrets!.CRON_SECRET);
    const after = await serverPods(namespace);
    expect(after).toHaveLength(1);
    expect(after[0].metadata.uid).not.toBe(before.metadata.uid);
  }, 400_000);
});

/** The line of the example that is a comment there. */
function decrypting(text: string): string {
  return text.replace('# decryption:', 'decryption:');
}
