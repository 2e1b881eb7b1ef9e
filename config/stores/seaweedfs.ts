import { parseUrl } from '../parse-url';
import type { Settings } from '../settings';
import type { Store } from './store';

/** SeaweedFS in the namespace: what its pod, the Job that makes the buckets, and the server have to know. */
export const SEAWEEDFS = {
  name: 'hexclave-seaweedfs',
  port: 8333,
  /** Answers without a key once the gateway serves. */
  health: '/healthz',
  /** SeaweedFS has no regions, but requests are signed for one. */
  region: 'us-east-1',
  bucket: 'hexclave',
  privateBucket: 'hexclave-private',
} as const;

export const SEAWEEDFS_EVALUATION = 'One SeaweedFS pod on one volume, without copies and without backups.';

/** The key is the server's own pair of variables, so both sides read the same keys of the same Secret. */
export const seaweedfs: Store = ({ stores }) => {
  if (stores.s3.mode !== 'seaweedfs') return undefined;
  const { name, port, region, bucket, privateBucket } = SEAWEEDFS;
  return {
    setting: 'stores.s3.mode',
    variables: {
      STACK_S3_ENDPOINT: `http://${name}:${port}`,
      STACK_S3_REGION: region,
      STACK_S3_BUCKET: bucket,
      STACK_S3_PRIVATE_BUCKET: privateBucket,
    },
    secrets: ['STACK_S3_ACCESS_KEY_ID', 'STACK_S3_SECRET_ACCESS_KEY'],
    evaluation: SEAWEEDFS_EVALUATION,
  };
};

/** The host that gets an Ingress to the public bucket; undefined where the edge makes none or the URL is not https. */
export function publicBucketHost({ stores, edge, platform }: Settings, url: string | undefined): string | undefined {
  // Google's load balancer checks health at `/` unless the Service names another path, and the store refuses that one.
  const routes =
    edge.type !== 'ingress' || edge.preset === 'gke' || (platform === 'openshift' && edge.preset === 'none');
  if (stores.s3.mode !== 'seaweedfs' || routes || url === undefined) return undefined;
  const { protocol, hostname } = parseUrl(url) ?? {};
  return protocol === 'https:' ? hostname : undefined;
}
