import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { apply, bed, exec, kubectl, onNode } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { curlImage, hardened, request, startPod } from './lib/pods';
import { startStores } from './lib/stores';
import { condition, eventually } from './lib/wait';

describe('the cluster', () => {
  const namespace = useNamespace('bed');

  it('has a node that is Ready', async () => {
    await kubectl(['wait', '--for=condition=Ready', 'node', '--all', '--timeout=30s']);
  });

  it('resolves Services by name inside pods', async () => {
    await startPod(namespace, 'names');
    const answer = await request(
      namespace,
      'names',
      'https://kubernetes.default.svc.cluster.local/version',
      '--insecure',
    );
    expect(answer.status).toBeGreaterThan(0);
  });

  it('refuses a pod that Pod Security "restricted" forbids', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'root', namespace },
      spec: { containers: [{ name: 'main', image: curlImage }] },
    };
    await expect(apply([pod])).rejects.toThrow('violates PodSecurity');
  });

  it('refuses a field that the API does not know', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'typo', namespace },
      spec: { ports: [{ port: 80, tragetPort: 8080 }] },
    };
    await expect(apply([service])).rejects.toThrow('tragetPort');
  });

  it('enforces NetworkPolicies: an allowed pod gets through, another one does not', async () => {
    const stores = await startStores(namespace);
    await Promise.all([startPod(namespace, 'friend', { labels: { friend: 'yes' } }), startPod(namespace, 'stranger')]);
    const url = `${stores.clickhouse.url}/ping`;
    expect((await request(namespace, 'stranger', url)).status).toBe(200);
    await apply([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'friends', namespace },
        spec: {
          podSelector: { matchLabels: { store: 'clickhouse' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ podSelector: { matchLabels: { friend: 'yes' } } }] }],
        },
      },
    ]);
    await eventually(
      'the stranger is refused',
      async () => (await request(namespace, 'stranger', url)).status === 0,
      30,
    );
    expect((await request(namespace, 'friend', url)).status).toBe(200);
  });

  it('gives a claim without a class a volume that an ordinary user can write to', async () => {
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const container = {
      name: 'main',
      image: curlImage,
      command: ['sh', '-c', 'echo kept > /data/file && sleep 3600'],
      securityContext: hardened.container,
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    };
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    await apply([
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace }, spec: claim },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'writer', namespace },
        spec: {
          terminationGracePeriodSeconds: 1,
          securityContext: hardened.pod(10001),
          containers: [container],
          volumes,
        },
      },
    ]);
    await condition(namespace, 'pod/writer', 'Ready', 60);
    // Ready is a container that has started, not one that has written.
    const read = 'until [ -s /data/file ]; do sleep 0.1; done; cat /data/file';
    expect(await exec(namespace, 'writer', ['sh', '-c', read])).toBe('kept\n');
  });
});

describe.runIf(bed)("the bed's images", () => {
  const namespace = useNamespace('bed-images');

  it('are there under the names and the digests that the archive lists', async () => {
    const present = (await onNode(['ctr', '--namespace', 'k8s.io', 'images', 'list', '--quiet'])).split('\n');
    for (const [name, digest] of Object.entries(await digests())) {
      expect(present).toContain(name);
      expect(present).toContain(`${name.slice(0, name.lastIndexOf(':'))}@${digest}`);
    }
  });

  it('start when a manifest pins tag and digest', async () => {
    await startPod(namespace, 'pinned', { image: `${curlImage}@${(await digests())[curlImage]}` });
    expect(await exec(namespace, 'pinned', ['curl', '--version'])).toMatch(/^curl 8\./);
  });

  async function digests(): Promise<Record<string, string>> {
    const archive = await readFile(`${bed}/images/images.json`, 'utf8');
    return JSON.parse(archive);
  }
});
