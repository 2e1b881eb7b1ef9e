import { beforeAll } from 'vitest';
import { applyFiles, environmentOn } from '../../../cluster/fixtures/environment';
import { list } from '../../../cluster/lib/api';
import { apply, exec } from '../../../cluster/lib/kubectl';
import { type Load, startLoad } from '../../../cluster/lib/load';
import { useNamespace } from '../../../cluster/lib/namespace';
import { serverImage, startPod } from '../../../cluster/lib/pods';
import { sharedStores } from '../../../cluster/lib/stores';
import { eventually, rolledOut } from '../../../cluster/lib/wait';
import { onNodeNetwork } from '../../lib/programs';
import { PEBBLE_MANAGEMENT, TRAEFIK_ADDRESS, TRAEFIK_NAMESPACE } from './addresses';
import { type Answer, type Ask, script } from './visitor';

type Host = 'api' | 'dashboard';

/** An environment behind Traefik, and a pod outside of it that knows its hosts and trusts the authority alone. */
export function useSite(prefix: string, edge: object) {
  const stores = sharedStores();
  const namespace = useNamespace(prefix, { create: false });
  const visitors = useNamespace(`${prefix}-visitors`);
  const hosts = { api: `auth-api.${namespace}.acme.test`, dashboard: `auth.${namespace}.acme.test` };
  const files = environmentOn(namespace, stores, namespace, {
    yaml: { edge, network: { ingressNamespace: TRAEFIK_NAMESPACE } },
    config: {
      NEXT_PUBLIC_STACK_API_URL: `https://${hosts.api}`,
      NEXT_PUBLIC_STACK_DASHBOARD_URL: `https://${hosts.dashboard}`,
    },
  });
  const outside = {
    image: serverImage('c-1'),
    hosts: { [TRAEFIK_ADDRESS]: Object.values(hosts) },
    authority: 'authority',
  };
  const ask = async (url: string, more: Partial<Ask> = {}): Promise<Answer> => {
    const input = JSON.stringify({ url, ...more });
    const command = ['node', '--input-type=module', '-e', script];
    return JSON.parse(await exec(visitors, 'visitor', command, { input, timeout: 240_000 }));
  };

  beforeAll(async () => {
    const root = await onNodeNetwork(['curl', '--silent', '--insecure', `https://${PEBBLE_MANAGEMENT}/roots/0`]);
    await apply([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'authority', namespace: visitors },
        data: { 'ca.crt': root.stdout },
      },
    ]);
    await Promise.all([
      stores.createDatabase(namespace),
      startPod(visitors, 'visitor', { ...outside, labels: { app: 'visitor' }, user: 1000 }),
    ]);
  });

  return {
    namespace,
    visitors,
    hosts,
    files,
    https: (path: string, more?: Partial<Ask>, host: Host = 'api') => ask(`https://${hosts[host]}${path}`, more),
    http: (path: string, more?: Partial<Ask>, host: Host = 'api') => ask(`http://${hosts[host]}${path}`, more),
    /** The apply of the README, until the server has rolled out and has its certificates. */
    async deploy(): Promise<void> {
      await applyFiles(files);
      await rolledOut(namespace, 'deployment/hexclave-server', 300);
      await eventually('the certificates', async () => (await certificates(namespace)).every(ready), 300);
    },
    load: (path: string): Promise<{ stop(): Promise<Load> }> =>
      // A handshake each.
      startLoad(visitors, 'load', `https://${hosts.api}${path}`, { everyMs: 200, ...outside }),
    /** The visitor's own address. */
    async address(): Promise<string> {
      const [pod] = await list(visitors, 'pods', 'app=visitor');
      return pod.status.podIP;
    },
  };
}

/** The two Certificates of a namespace, once both are there. */
export async function certificates(namespace: string) {
  const found = await list(namespace, 'certificates');
  if (found.length !== 2) throw new Error(`${found.length} certificates`);
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
function ready({ status }: any): boolean {
  const condition = status?.conditions?.find(({ type }: { type: string }) => type === 'Ready');
  if (condition?.status !== 'True') throw new Error(JSON.stringify(status));
  return true;
}
