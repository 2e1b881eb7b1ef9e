import { beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, environmentOn, serverPods } from './fixtures/environment';
import { one } from './lib/api';
import { bed, onNode, tryKubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { serverImage, startAs, startPod } from './lib/pods';
import { connectedTo, startStores } from './lib/stores';
import { eventually, rolledOut } from './lib/wait';

const METADATA = '169.254.169.254';

describe('the NetworkPolicies', () => {
  const storeNamespace = useNamespace('network-stores');
  const namespace = useNamespace('network', { create: false });
  const stores = connectedTo(storeNamespace);
  const listener = 'require("net").createServer((c) => c.end()).listen(+process.env.PORT)';

  /** Stand for the pods of a component: same labels, same policies, but there for as long as the test asks. */
  const pods: Record<string, { namespace: string; name: string; container?: string }> = {
    migration: { namespace, name: 'as-migration' },
    maintenance: { namespace, name: 'as-maintenance' },
    other: { namespace, name: 'as-other' },
    stranger: { namespace: storeNamespace, name: 'stranger' },
  };

  beforeAll(async () => {
    await startStores(storeNamespace);
    for (const port of ['9999', '443']) {
      await startPod(storeNamespace, `listener-${port}`, {
        image: serverImage('c-1'),
        command: ['node', '-e', listener],
        env: { PORT: port },
        lowPorts: true,
        user: 1000,
      });
    }
    await applyFiles(environmentOn(namespace, stores, 'postgres', { yaml: { replicas: 1 } }));
    await rolledOut(namespace, 'deployment/hexclave-server');
    const [server] = await serverPods(namespace);
    pods.server = { namespace, name: server.metadata.name, container: 'server' };
    // The last is none of ours: what the policy that denies by default alone is for.
    for (const component of ['migration', 'maintenance', 'other']) {
      await startAs(namespace, component);
    }
    await startPod(storeNamespace, 'stranger', { image: serverImage('c-1'), command: ['sleep', '3600'], user: 1000 });
    if (bed)
      await onNode([
        'bash',
        '-c',
        `ip addr add ${METADATA}/32 dev lo; for port in 80 443 5432; do setsid python3 -m http.server -b ${METADATA} $port >/dev/null 2>&1 & done`,
      ]);
  });

  const address = async (target: string): Promise<string> => {
    const pod = async (name: string) => (await one(storeNamespace, 'pods', name)).status.podIP as string;
    switch (target) {
      case 'postgres':
        return `postgres.${storeNamespace}.svc/5432`;
      case 'clickhouse':
        return `clickhouse.${storeNamespace}.svc/8123`;
      case 'api':
        return `hexclave-api.${namespace}.svc/8102`;
      case 'dashboard':
        return `hexclave-dashboard.${namespace}.svc/8101`;
      case 'metadata':
        return `${METADATA}/80`;
      // Ports that are open towards everything else: here the exception of the address is what counts.
      case 'metadata on 443':
        return `${METADATA}/443`;
      case 'metadata on 5432':
        return `${METADATA}/5432`;
      case 'another port':
        return `${await pod('listener-9999')}/9999`;
      case 'a private address on 443':
        return `${await pod('listener-443')}/443`;
      case 'the migration pod':
        return `${(await one(namespace, 'pods', 'as-migration')).status.podIP}/9999`;
      default:
        throw new Error(target);
    }
  };

  const connects = async (from: string, target: string): Promise<boolean> => {
    const { namespace: where, name, container } = pods[from]!;
    const script = `exec 3<>/dev/tcp/${await address(target)}`;
    const at = container ? ['-c', container] : [];
    return (
      (await tryKubectl(['exec', '-n', where, name, ...at, '--', 'timeout', '4', 'bash', '-c', script])).code === 0
    );
  };

  it.each([
    ['server', 'postgres'],
    ['server', 'clickhouse'],
    ['migration', 'postgres'],
    ['migration', 'clickhouse'],
    ['maintenance', 'api'],
    ['stranger', 'api'],
    ['stranger', 'dashboard'],
    ['stranger', 'another port'],
    ['stranger', 'a private address on 443'],
  ])('let %s reach %s', async (from, target) => {
    await eventually('the connection', () => connects(from, target), 30);
  });

  it.each([
    ['server', 'another port'],
    ['server', 'a private address on 443'],
    ['server', 'metadata'],
    ['server', 'metadata on 443'],
    ['server', 'metadata on 5432'],
    ['migration', 'api'],
    ['migration', 'another port'],
    ['migration', 'a private address on 443'],
    ['migration', 'metadata'],
    ['migration', 'metadata on 5432'],
    ['maintenance', 'postgres'],
    ['maintenance', 'clickhouse'],
    ['maintenance', 'dashboard'],
    ['maintenance', 'metadata'],
    ['stranger', 'the migration pod'],
    ['other', 'api'],
    ['other', 'postgres'],
    ['other', 'another port'],
  ])('do not let %s reach %s', async (from, target) => {
    expect(await connects(from, target)).toBe(false);
  });

  it.runIf(bed).each(['metadata', 'metadata on 443', 'metadata on 5432'])(
    'are what keeps %s away: a pod without a policy reaches it',
    async (target) => {
      await eventually('the connection', () => connects('stranger', target), 30);
    },
  );
});
