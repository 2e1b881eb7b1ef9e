import { apply, get, kubectl } from '../../../cluster/lib/kubectl';

export type Entry = Readonly<Record<string, string>>;

// The operator's provider for Secrets of another namespace stands for a vault: an entry is a Secret there.
const READER = 'external-secrets-reader';
const RBAC = 'rbac.authorization.k8s.io';

/** Writes an entry of a vault. */
export async function writeEntry(vault: string, name: string, values: Entry): Promise<void> {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)]));
  await apply([{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: vault }, data }]);
}

/** The SecretStore `vault` in an environment's namespace, which reads the vault as an account of that namespace. */
export async function store(vault: string, namespace: string): Promise<void> {
  await allow(vault, namespace);
  const { data } = await get('configmap', 'kube-root-ca.crt', '-n', namespace);
  const server = { url: 'https://127.0.0.1:6443', caBundle: btoa(data['ca.crt']) };
  const kubernetes = { remoteNamespace: vault, server, auth: { serviceAccount: { name: READER } } };
  await apply([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: READER, namespace } },
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: { name: 'vault', namespace },
      spec: { provider: { kubernetes } },
    },
  ]);
}

/** Lets the account of an environment read the vault. */
export async function allow(vault: string, namespace: string): Promise<void> {
  await apply([
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: READER, namespace: vault },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: namespace, namespace: vault },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: READER },
      subjects: [{ kind: 'ServiceAccount', name: READER, namespace }],
    },
  ]);
}

/** Closes the vault to an environment: whoever asks is refused. */
export async function forbid(vault: string, namespace: string): Promise<void> {
  await kubectl(['delete', 'rolebinding', namespace, '-n', vault]);
}

/** An ExternalSecret that follows one field of an entry every second. What it has, the operator has seen. */
export async function follow(namespace: string, key: string, property: string): Promise<string> {
  const name = 'followed';
  await apply([
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name, namespace },
      spec: {
        refreshPolicy: 'Periodic',
        refreshInterval: '1s',
        secretStoreRef: { name: 'vault', kind: 'SecretStore' },
        data: [{ secretKey: property, remoteRef: { key, property } }],
      },
    },
  ]);
  return name;
}
