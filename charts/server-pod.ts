import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../config/environment';

/**
 * The image's user `node`, by number. Its files are not readable for every other user
 * (docs/explanation/server.md#the-work-directory).
 */
export const SERVER_USER = 1000;

/** Where the entrypoint copies the application to and rewrites it. */
export const WORK_DIR = '/var/tmp/stack-runtime';

/** Writable places under a read-only root. Never in memory: the work directory takes 3.3 GB. */
export const scratch = {
  tmp: { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('512Mi') } },
  tmpMount: { name: 'tmp', mountPath: '/tmp' },
  work: (limit: string | number) => ({ name: 'work', emptyDir: { sizeLimit: k8s.Quantity.fromString(String(limit)) } }),
  workMount: { name: 'work', mountPath: WORK_DIR },
};

/** The environment's own certificate authorities, for every container that talks to the database. */
export function trustedCertificates(env: Environment): {
  variables: Record<string, string>;
  mounts: k8s.VolumeMount[];
  volumes: k8s.Volume[];
} {
  const bundle = env.settings.caBundle;
  if (!bundle) return { variables: {}, mounts: [], volumes: [] };
  return {
    variables: { NODE_EXTRA_CA_CERTS: '/etc/hexclave/ca/ca.crt' },
    mounts: [{ name: 'ca-bundle', mountPath: '/etc/hexclave/ca', readOnly: true }],
    volumes: [
      { name: 'ca-bundle', configMap: { name: bundle.configMap, items: [{ key: bundle.key, path: 'ca.crt' }] } },
    ],
  };
}
