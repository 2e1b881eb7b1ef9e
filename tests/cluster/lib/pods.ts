import { apply, exec } from './kubectl';
import { condition } from './wait';

export const serverImage = (tag: string) => `docker.io/stackauth/server:${tag}`;
export const curlImage = 'docker.io/curlimages/curl:8.16.0';

export const restricted = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

export interface PodOptions {
  labels?: Record<string, string>;
  image?: string;
  command?: string[];
  env?: Record<string, string>;
  user?: number;
  /** Lets an ordinary user listen below 1024, with a sysctl that `restricted` allows. */
  lowPorts?: boolean;
  /** Hosts that the cluster's DNS does not know, by their address. */
  hosts?: Record<string, string[]>;
  /** ConfigMap whose `ca.crt` Node trusts besides the public authorities. */
  authority?: string;
  /** Default: Always. */
  restartPolicy?: 'Always' | 'Never';
}

/** What Pod Security `restricted` asks of a pod, and a read-only root. */
export const hardened = {
  pod: (user: number) => ({
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: 'RuntimeDefault' },
  }),
  container: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
};

export const environment = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** A pod that does nothing but stand where tests send requests from: by default one with curl. Ready on return. */
export async function startPod(namespace: string, name: string, options: PodOptions = {}): Promise<void> {
  const {
    labels = {},
    image = curlImage,
    command = ['sleep', '3600'],
    env = {},
    user = 10001,
    hosts = {},
    authority,
    restartPolicy = 'Always',
  } = options;
  const container = {
    name: 'main',
    image,
    command,
    env: environment({ ...env, ...(authority && { NODE_EXTRA_CA_CERTS: '/authority/ca.crt' }) }),
    volumeMounts: authority ? [{ name: 'authority', mountPath: '/authority' }] : [],
    securityContext: hardened.container,
  };
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        restartPolicy,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 1,
        securityContext: {
          ...hardened.pod(user),
          ...(options.lowPorts && { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] }),
        },
        hostAliases: Object.entries(hosts).map(([ip, hostnames]) => ({ ip, hostnames })),
        containers: [container],
        volumes: authority ? [{ name: 'authority', configMap: { name: authority } }] : [],
      },
    },
  ]);
  await condition(namespace, `pod/${name}`, 'Ready', 60);
}

/** A pod with the labels of a component of the environment in this namespace, which does nothing but stand there. */
export async function startAs(
  namespace: string,
  component: string,
  image = serverImage('c-1'),
): Promise<{ namespace: string; pod: string }> {
  const pod = `as-${component}`;
  const labels = {
    'app.kubernetes.io/name': 'hexclave',
    'app.kubernetes.io/instance': namespace,
    'app.kubernetes.io/component': component,
  };
  await startPod(namespace, pod, { image, user: 1000, labels });
  return { namespace, pod };
}

export interface Answer {
  /** 0 when there was no answer at all: refused, dropped or timed out. */
  status: number;
  body: string;
}

/** Sends a request with curl from a pod that `startPod` has made. */
export async function request(namespace: string, pod: string, url: string, ...curlArgs: string[]): Promise<Answer> {
  // curl reports "no answer" as status 000 and fails; its status line is what counts here.
  const script = 'curl --silent --max-time 10 --connect-timeout 5 --write-out "\\n%{http_code}" "$@" || true';
  const output = (await exec(namespace, pod, ['sh', '-c', script, 'sh', ...curlArgs, url])).trimEnd();
  const cut = output.lastIndexOf('\n');
  return { status: Number(output.slice(cut + 1)), body: output.slice(0, Math.max(cut, 0)) };
}
