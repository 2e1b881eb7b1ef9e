import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { guideSecrets, madeUp, synthesize } from '../support/cases';
import { environmentFolder, kubeconfigOf, onCluster } from './fixtures/commands';
import { applyFiles, environmentOn, diff as kubectlDiff } from './fixtures/environment';
import { kubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { sharedStores } from './lib/stores';

const WIDE = ['--server-side', '--force-conflicts'];

describe('diff', () => {
  const stores = sharedStores();
  const namespace = useNamespace('diff', { create: false });
  // Nothing of it has to run: the pods wait for an image that is nowhere.
  const files = () => {
    const made = environmentOn(namespace, stores, 'postgres', {
      yaml: {
        image: { tag: 'nowhere' },
        replicas: 1,
        stores: { postgres: { mode: 'bundled', version: 17, size: '1Gi' } },
      },
      config: { SOMETHING: 'one' },
    });
    const { STACK_DATABASE_CONNECTION_STRING, ...secrets } = made.secrets!;
    return { ...made, secrets: { ...secrets, POSTGRES_PASSWORD: madeUp('postgres of diff') } };
  };
  let folder: string;
  const environment = (file: string) => join(folder, 'environments', namespace, file);
  const edit = (file: string, from: RegExp | string, to: string) =>
    writeFileSync(environment(file), readFileSync(environment(file), 'utf8').replace(from, to));
  const run = (...options: string[]) => onCluster(folder, ['diff', namespace, ...options]);
  const line = (file: string, text: string) =>
    readFileSync(environment(file), 'utf8')
      .split('\n')
      .findIndex((item) => item.startsWith(text)) + 1;
  const changes = () => JSON.parse(run('--format', 'json').stdout).changes as { consequence: string; object: string }[];

  beforeAll(() => {
    folder = environmentFolder(files());
  });

  it('calls everything new while there is no namespace', async () => {
    const { code, stdout } = run('--format', 'json');
    const parsed = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(new Set(parsed.changes.map(({ consequence }: { consequence: string }) => consequence))).toEqual(
      new Set(['migrates', 'fresh']),
    );
  });

  it('finds no difference after an apply, as kubectl diff does', async () => {
    await applyFiles(files(), ...WIDE);
    expect(run()).toMatchObject({ code: 0, stdout: expect.stringContaining('No difference') });
    expect((await kubectlDiff(files(), ...WIDE.slice(0, 1))).code).toBe(0);
  });

  it('says which pods roll because of which line, that migrations run, and shows secrets as fingerprints', () => {
    const fresh = madeUp('another cron secret');
    edit('environment.yaml', '"nowhere"', '"elsewhere"');
    edit('config.env', 'SOMETHING=one', 'SOMETHING=two');
    edit('secrets.env', /^CRON_SECRET=.*/m, `CRON_SECRET=${fresh}`);
    const { code, stdout, stderr } = run();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^Runs migrations .*\n {2}Job\/hexclave-migrate-\w+\n {6}because environments\/.*\/environment.yaml:1 image changed/m,
    );
    expect(stdout).toMatch(
      /image changed\n {6}image\.tag moves from nowhere to elsewhere\.\n {6}Of nowhere and elsewhere nothing is known here/,
    );
    expect(stdout).toMatch(/^Rolls pods .*\n {2}Deployment\/hexclave-server\n/m);
    expect(stdout).toContain(`config.env:${line('config.env', 'SOMETHING')} SOMETHING changed`);
    expect(stdout).toContain(`secrets.env:${line('secrets.env', 'CRON_SECRET')} CRON_SECRET changed`);
    expect(stdout).toMatch(/data\.CRON_SECRET {2}fingerprint [0-9a-f]{12} → fingerprint [0-9a-f]{12}\n/);
    for (const value of [fresh, btoa(fresh), ...Object.values(guideSecrets)])
      expect(stdout + stderr).not.toContain(value);
  });

  it('shows a variable that is taken out, applied on whichever side', async () => {
    edit('environment.yaml', '"elsewhere"', '"nowhere"');
    edit('secrets.env', /^CRON_SECRET=.*/m, `CRON_SECRET=${guideSecrets.CRON_SECRET}`);
    edit('config.env', /^SOMETHING=.*\n/m, '');
    const removed = expect.objectContaining({
      object: 'ConfigMap/hexclave-config',
      fields: [{ path: 'data.SOMETHING', before: 'one', after: '(nothing)' }],
    });
    expect(changes()).toContainEqual(removed);
    await kubectl(['delete', 'configmap', 'hexclave-config', '-n', namespace]);
    await kubectl(['apply', '-f', '-'], { input: synthesize(files()).get('10-configuration.k8s.yaml')! });
    expect(changes()).toContainEqual(removed);
    edit('config.env', /$/, 'SOMETHING=one\n');
    expect(run().code).toBe(0);
  });

  it('says what Kubernetes refuses and what to do, and compares the rest all the same', () => {
    edit('environment.yaml', '"size":"1Gi"', '"size":"2Gi"');
    appendFileSync(environment('config.env'), 'SOMETHING_ELSE=1\n');
    const { code, stdout } = run();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^Refused by Kubernetes .*\n {2}StatefulSet\/hexclave-postgres\n.*updates to statefulset spec for fields other than/m,
    );
    expect(stdout).toContain(`kubectl delete statefulset hexclave-postgres -n ${namespace} --cascade=orphan`);
    expect(stdout).toMatch(/^Rolls pods .*\n {2}Deployment\/hexclave-server\n/m);
    edit('environment.yaml', '"size":"2Gi"', '"size":"1Gi"');
    edit('config.env', 'SOMETHING_ELSE=1\n', '');
  });

  it('shows what was done by hand, and what the manifests no longer hold', async () => {
    await kubectl(['scale', '-n', namespace, 'deployment/hexclave-server', '--replicas=3']);
    const labels = `app.kubernetes.io/managed-by=cdk8s-hexclave,app.kubernetes.io/instance=${namespace}`;
    await kubectl(['create', 'configmap', 'of-earlier', '-n', namespace]);
    await kubectl(['label', 'configmap', 'of-earlier', '-n', namespace, ...labels.split(',')]);
    const found = changes().map(({ consequence, object }) => [consequence, object]);
    expect(found).toEqual([
      ['scales', 'Deployment/hexclave-server'],
      ['left', 'ConfigMap/of-earlier'],
    ]);
    await kubectl(['delete', 'configmap', 'of-earlier', '-n', namespace]);
  });

  it('ends with 2 when the user may not ask, does not reach the cluster, or names a context that is not there', async () => {
    const config = await kubeconfigOf(folder, namespace, 'view');
    const denied = onCluster(folder, ['diff', namespace], { KUBECONFIG: config });
    expect(denied).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/Ask for the right to get and patch Secret/),
    });
    const none = run('--context', 'nowhere');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('has no such context') });
  });
});
