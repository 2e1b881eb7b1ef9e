import type { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../config/environment';
import { NAME } from './metadata';
import { ANYWHERE, blocks, tcp } from './peers';

/** The way to the proxy, and to nothing else of the internet. */
export function proxyEgress(env: Environment): k8s.NetworkPolicyEgressRule[] {
  const { proxy } = env.settings;
  if (!proxy) return [];
  const url = typeof proxy.url === 'string' ? new URL(proxy.url) : undefined;
  const port = proxy.port ?? (url ? Number(url.port) || (url.protocol === 'https:' ? 443 : 80) : 3128);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const address = host.includes(':') ? `${host}/128` : /^[\d.]+$/.test(host) ? `${host}/32` : undefined;
  return [{ to: address ? blocks(address) : ANYWHERE, ports: [tcp(port)] }];
}

/** Everything inside the cluster. Names without a dot are matched as a whole, so each has to be named. */
export function calledDirectly(env: Environment): string[] {
  const own = ['api', 'dashboard', 'postgres', 'clickhouse', 'mailpit', 'seaweedfs', 'svix'].map(
    (name) => `${NAME}-${name}`,
  );
  const fixed = ['localhost', '127.0.0.1', '::1', '.svc', '.cluster.local'];
  return [...new Set([...fixed, ...own, ...env.internalHosts, ...env.settings.proxy!.noProxy])];
}
