import { background } from './background';

/**
 * Looks at the cluster through one `kubectl proxy` for the whole test file. Tests ask again and again until something has
 * happened, and a kubectl for every look takes more of the machine than the cluster does.
 */
let proxy: Promise<string> | undefined;

const GROUPS = {
  pods: '/api/v1',
  jobs: '/apis/batch/v1',
  deployments: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  applications: '/apis/argoproj.io/v1alpha1',
  certificates: '/apis/cert-manager.io/v1',
} as const;

export type Resource = keyof typeof GROUPS;

/** The objects of a kind in a namespace, all or those with these labels. */
// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
export async function list(namespace: string, resource: Resource, selector = ''): Promise<any[]> {
  const path = `${GROUPS[resource]}/namespaces/${namespace}/${resource}?labelSelector=${encodeURIComponent(selector)}`;
  return JSON.parse(await read(path)).items;
}

/** One object. */
// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
export async function one(namespace: string, resource: Resource, name: string): Promise<any> {
  return JSON.parse(await read(`${GROUPS[resource]}/namespaces/${namespace}/${resource}/${name}`));
}

/** What a container has printed; with one container in the pod it need not be named. */
export function logs(namespace: string, pod: string, container = ''): Promise<string> {
  return read(`/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${container}`);
}

async function read(path: string): Promise<string> {
  proxy ??= background(['proxy', '--port=0'], /Starting to serve on (\S+)/);
  const response = await fetch(`http://${await proxy}${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status}\n${text}`);
  return text;
}
