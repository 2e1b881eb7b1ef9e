import { beforeAll, describe, expect, it } from 'vitest';
import { madeUp } from '../support/cases';
import { selfSigned } from '../support/certificate';
import { environmentFolder, kubeconfigOf, onCluster, writeEnvironment } from './fixtures/commands';
import { culprits } from './fixtures/culprits';
import { applyFiles, environmentOn } from './fixtures/environment';
import { apply, kubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { sharedStores } from './lib/stores';
import { eventually, rolledOut } from './lib/wait';

interface Diagnosis {
  readonly check: string;
  readonly weight: string;
  readonly object: string;
  readonly message: string;
  readonly said?: string;
  readonly fix: string;
}

const DAY = 86_400_000;

/** What doctor finds in an environment's folder, as a program reads it. */
function diagnoses(folder: string, name: string, ...options: string[]): Diagnosis[] {
  const { stdout } = onCluster(folder, ['doctor', name, '--format', 'json', ...options]);
  return JSON.parse(stdout).diagnoses;
}

/** Waits until doctor finds something by a check, about an object whose name holds this. */
function diagnosed(folder: string, name: string, check: string, object = '', seconds = 90): Promise<Diagnosis> {
  return eventually(
    `${check} ${object}`,
    async () => {
      const all = diagnoses(folder, name);
      const found = all.find((item) => item.check === check && item.object.includes(object));
      if (!found) throw new Error(all.map((item) => `${item.check} ${item.object}`).join(', '));
      return found;
    },
    seconds,
  );
}

describe('doctor, of a server that runs', () => {
  const stores = sharedStores();
  const namespace = useNamespace('doctor', { create: false });
  const files = environmentOn(namespace, stores, 'doctor', {
    yaml: {
      maintenance: {
        schedule: '0 0 1 1 *',
        extra: { missing: { path: '/api/latest/internal/there-is-no-such-step' } },
      },
      edge: { tls: { secrets: { api: 'api-tls', dashboard: 'dashboard-tls' } } },
    },
    config: { STACK_SVIX_SERVER_URL: 'http://svix.nowhere.svc.cluster.local:8071' },
    secrets: { STACK_SVIX_API_KEY: `testsk_${madeUp('svix of doctor', 40)}` },
  });
  let folder: string;
  const found = (check: string, object = '', seconds?: number) => diagnosed(folder, namespace, check, object, seconds);
  const call = (name: string) =>
    kubectl(['create', 'job', `${name}-by-hand`, '-n', namespace, `--from=cronjob/hexclave-${name}`]);

  beforeAll(async () => {
    folder = environmentFolder(files);
    await stores.createDatabase('doctor');
  });

  it('says that nothing is applied', () => {
    expect(diagnoses(folder, namespace)).toEqual([expect.objectContaining({ check: 'not-applied' })]);
  });

  it('finds no problem in a server that is well, and says in words what is worth knowing (no-address)', async () => {
    await applyFiles(files);
    await Promise.all(['api', 'dashboard'].map((host) => certificate(namespace, `${host}-tls`, hostOf(host), 30)));
    await rolledOut(namespace, 'deployment/hexclave-server');
    const { code, stdout } = onCluster(folder, ['doctor', namespace]);
    expect(stdout).toMatch(
      /^note {5}Ingress\/hexclave-api {2}It has no address.*\[no-address\]\n.*\n {9}docs\/how-to\/https.md$/m,
    );
    expect(stdout).toContain('\n0 problems, 2 notes\n');
    expect(code).toBe(0);
  });

  it('tells the certificates apart: certificate-missing, certificate-for-another-host, certificate-expired', async () => {
    await kubectl(['delete', 'secret', 'dashboard-tls', '-n', namespace]);
    await certificate(namespace, 'api-tls', 'other.acme.test', 30);
    expect(await found('certificate-missing', 'dashboard-tls')).toMatchObject({
      fix: expect.stringContaining('create secret tls dashboard-tls'),
    });
    expect((await found('certificate-for-another-host', 'api-tls')).message).toContain('DNS:other.acme.test');
    await certificate(namespace, 'api-tls', hostOf('api'), -1);
    await found('certificate-expired', 'api-tls');
  });

  it('compares the Secret in the cluster with the files', async () => {
    await call('missing');
    expect((await found('maintenance-failing', 'hexclave-missing')).said).toContain('404');
    const other = btoa(madeUp('another cron secret of doctor'));
    await kubectl([
      'patch',
      'secret',
      'hexclave-secrets',
      '-n',
      namespace,
      '-p',
      JSON.stringify({ data: { CRON_SECRET: other } }),
    ]);
    expect(await found('secret-drift')).toMatchObject({ message: 'It differs from the files in CRON_SECRET.' });
    writeEnvironment(folder, { ...files, config: { ...files.config, SOMETHING: 'else' } });
    expect((await found('release-differs')).message).toBe('It has other settings than the files.');
    writeEnvironment(folder, files);
  });

  it('knows a wrong CRON_SECRET by the calls that fail: cron-secret-refused, email-queue-stuck', async () => {
    await call('email-queue-step');
    expect(await found('cron-secret-refused', 'email-queue-step')).toMatchObject({
      said: expect.stringContaining('401'),
    });
    expect((await found('email-queue-stuck')).message).toContain('since it was made');
  });

  it('tries from the server pod what its variables name: not-reached-from-the-pod', () => {
    const reach = diagnoses(folder, namespace, '--probe').filter(({ check }) => check === 'not-reached-from-the-pod');
    expect(reach).toEqual([
      expect.objectContaining({
        object: 'svix.nowhere.svc.cluster.local:8071',
        message: expect.stringContaining('ENOTFOUND'),
      }),
    ]);
  });

  it.each(['maintenance-suspended', 'drain-blocked', 'urls-without-tls'])(
    'sees what was done by hand: %s',
    async (check) => {
      const change: Record<string, string[]> = {
        'maintenance-suspended': ['patch', 'cronjob', 'hexclave-sync-sequencer', '-p', '{"spec":{"suspend":true}}'],
        'drain-blocked': [
          'create',
          'poddisruptionbudget',
          'by-hand',
          '--selector=app.kubernetes.io/component=server',
          '--min-available=2',
        ],
        'urls-without-tls': [
          'patch',
          'configmap',
          'hexclave-config',
          '-p',
          '{"data":{"NEXT_PUBLIC_STACK_API_URL":"http://auth-api.acme.test"}}',
        ],
      };
      await kubectl([...change[check]!, '-n', namespace]);
      await found(check);
    },
  );

  it('goes on without what the user may not read, and says which rights would show it', async () => {
    const config = await kubeconfigOf(folder, namespace, 'view');
    const { code, stdout, stderr } = onCluster(folder, ['doctor', namespace, '--probe'], { KUBECONFIG: config });
    expect(code).toBe(1);
    expect(stdout).toContain('[cron-secret-refused]');
    expect(stdout).not.toContain('[secret-drift]');
    expect(stderr).toContain(
      '- { apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [hexclave-secrets] }',
    );
    expect(stderr).toContain('- { apiGroups: [""], resources: [nodes], verbs: [get, list] }');
    expect(stderr).toContain('- { apiGroups: [""], resources: [pods/exec], verbs: [create] }');
  });

  it('ends with 2 when it may not look at all', async () => {
    const config = await kubeconfigOf(folder, namespace, 'system:basic-user');
    expect(onCluster(folder, ['doctor', namespace], { KUBECONFIG: config }).code).toBe(2);
    expect(onCluster(folder, ['doctor', namespace, '--context', 'nowhere']).code).toBe(2);
  });

  function hostOf(name: string): string {
    return new URL(files.config[`NEXT_PUBLIC_STACK_${name.toUpperCase()}_URL`]!).hostname;
  }

  /** A certificate that signs itself, until so many days from now. */
  async function certificate(ns: string, name: string, host: string, days: number): Promise<void> {
    const [from, to] = [-30, days].map((day) => new Date(Date.now() + day * DAY)) as [Date, Date];
    const made = selfSigned(host, from, to);
    const [crt, own] = [made.certificate, made.key].map(btoa);
    await apply([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: ns },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': crt, 'tls.key': own },
      },
    ]);
  }
});

describe('doctor, of pods that do not come up', () => {
  const stores = sharedStores();
  const namespace = useNamespace('doctor-pods', { create: false });
  const files = environmentOn(namespace, stores, 'doctor-pods', { yaml: { image: { tag: 'nowhere' } } });
  let folder: string;

  beforeAll(async () => {
    folder = environmentFolder(files);
    await applyFiles(files);
    await apply(Object.values(culprits(namespace)).flat());
  });

  it.each(Object.keys(culprits('')))(
    'finds %s',
    async (check) => {
      const { object, fix } = await diagnosed(folder, namespace, check, check.split('-')[0]!, 150);
      expect(fix).not.toBe('');
      expect(object).not.toBe('');
    },
    200_000,
  );

  it('finds an image that is nowhere, of the server as of any other: image-not-pulled', async () => {
    const { message } = await diagnosed(folder, namespace, 'image-not-pulled', '(server)');
    expect(message).toContain('docker.io/stackauth/server:nowhere');
  });

  it('finds that the cluster lacks what a field needs: definition-missing', () => {
    const settings = JSON.parse(files.yaml);
    writeEnvironment(folder, { ...files, yaml: JSON.stringify({ ...settings, monitoring: { prometheus: true } }) });
    const found = diagnoses(folder, namespace).filter(({ check }) => check === 'definition-missing');
    expect(found).toEqual([expect.objectContaining({ object: 'PrometheusRule/hexclave' })]);
    const { code, stdout } = onCluster(folder, ['diff', namespace]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^Refused by Kubernetes .*\n {2}PrometheusRule\/hexclave\n(.*\n)* {6}The cluster does not know monitoring/m,
    );
    writeEnvironment(folder, files);
  });

  it('prints no secret, with pods that print them all', () => {
    const runs = [[], ['--format', 'json'], ['--probe']].map((options) =>
      onCluster(folder, ['doctor', namespace, ...options]),
    );
    for (const { stdout, stderr } of runs) {
      expect(stdout).toContain('(withheld)');
      for (const value of Object.values(files.secrets!)) {
        for (const form of [value, btoa(value)]) expect(stdout + stderr).not.toContain(form);
      }
    }
  });

  it('finds that the Secret is gone: secret-not-there', async () => {
    await kubectl(['delete', 'secret', 'hexclave-secrets', '-n', namespace]);
    await diagnosed(folder, namespace, 'secret-not-there');
  });
});

describe('doctor, of releases that are not migrated', () => {
  const stores = sharedStores();
  const namespace = useNamespace('doctor-release', { create: false });
  const at = (tag: string, config = {}) =>
    environmentOn(namespace, stores, 'doctor-release', { tag, config, yaml: { replicas: 1 } });
  let folder: string;
  const release = async (tag: string, config = {}) => {
    const files = at(tag, config);
    writeEnvironment(folder, files);
    await applyFiles(files);
  };
  const found = (check: string, object = '') => diagnosed(folder, namespace, check, object);

  beforeAll(() => {
    folder = environmentFolder(at('c-1'));
  });

  it('knows a database that is not there: database-not-reached', async () => {
    await release('c-1');
    expect(await found('database-not-reached', '(migration)')).toMatchObject({
      message: 'It does not get into PostgreSQL: 3D000, no such database.',
      fix: expect.stringContaining('Make the database'),
    });
    expect((await found('gate-waiting')).message).toContain('whose migration Job is not done yet');
  });

  it('knows a ClickHouse that is not there: clickhouse-not-reached', async () => {
    await stores.createDatabase('doctor-release');
    await release('b-1', {
      STACK_CLICKHOUSE_URL: 'http://clickhouse.nowhere.svc.cluster.local:8123',
      HEXCLAVE_TRUSTED_PROXY: '',
    });
    expect((await found('clickhouse-not-reached', '(migration)')).message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('says why a migration has failed, and for what the gate waits: migration-failed, gate-waiting', async () => {
    await release('c-2-broken');
    const failed = await found('migration-failed');
    expect(failed.said).toMatch(/migration \w+ failed|error:/);
    expect(failed.fix).toContain(`-n ${namespace}`);
    expect((await found('gate-waiting')).said).toMatch(/pending|waiting for the migration Job|not migrated/);
  });

  it('tells a seed that failed from a migration that did: seed-failed', async () => {
    await release('c-2', { STAND_IN_FAULT: 'failing-seed' });
    const { said } = await found('seed-failed');
    expect(said).toContain('seed failed, as STAND_IN_FAULT asks');
    expect(diagnoses(folder, namespace).map(({ check }) => check)).not.toContain('migration-failed');
  });
});
