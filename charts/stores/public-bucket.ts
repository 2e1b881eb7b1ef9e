import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { SEAWEEDFS, SEAWEEDFS_EVALUATION } from '../../config/stores/seaweedfs';
import { ingressPresets } from '../edge/presets';
import { issuerAnnotation } from '../edge/tls';
import { metadata } from '../metadata';

/** The host under which browsers read the bundled bucket; undefined where the edge does not lead there. */
export function publicBucketHost({ settings, config }: Environment): string | undefined {
  const url = config.STACK_S3_PUBLIC_ENDPOINT;
  if (settings.stores.s3.mode !== 'seaweedfs' || settings.edge.type !== 'ingress' || !url) return undefined;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' ? hostname : undefined;
}

/** An Ingress for that host, to the public bucket and no other path. */
export function publicBucket(scope: Construct, env: Environment): void {
  const host = publicBucketHost(env);
  if (!host) return;
  const { annotations, ingressClassName, preset } = env.settings.edge;
  const certificate = certificateSecret(env);
  new k8s.KubeIngress(scope, 'public-bucket', {
    metadata: metadata(env, {
      name: SEAWEEDFS.name,
      stage: 'edge',
      component: 'seaweedfs',
      annotations: { 'hexclave.dev/evaluation': SEAWEEDFS_EVALUATION, ...issuerAnnotation(env), ...annotations },
    }),
    spec: {
      ingressClassName: ingressClassName ?? ingressPresets[preset].className,
      tls: certificate ? [{ hosts: [host], secretName: certificate }] : undefined,
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: `/${SEAWEEDFS.bucket}`,
                pathType: 'Prefix',
                backend: { service: { name: SEAWEEDFS.name, port: { name: 's3' } } },
              },
            ],
          },
        },
      ],
    },
  });
}

/** The TLS Secret of that host; undefined where its certificate is not in a Secret of the namespace. */
function certificateSecret({ settings }: Environment): string | undefined {
  const { tls } = settings.edge;
  if (!tls) return undefined;
  if ('secrets' in tls) return tls.secrets.s3;
  return 'clusterIssuer' in tls || 'issuer' in tls ? `${SEAWEEDFS.name}-tls` : undefined;
}
