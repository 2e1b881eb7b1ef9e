import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { publicBucketHost, SEAWEEDFS, SEAWEEDFS_EVALUATION } from '../../config/stores/seaweedfs';
import { metadata } from '../metadata';
import { ingressPresets } from './presets';
import { issuerAnnotation } from './tls';

/** An Ingress for the host of the bundled store, to the public bucket and no other path. */
export function publicBucket(scope: Construct, env: Environment): void {
  const host = publicBucketHost(env.settings, env.config.STACK_S3_PUBLIC_ENDPOINT);
  if (!host) return;
  const { annotations, ingressClassName, preset: presetName } = env.settings.edge;
  const preset = ingressPresets[presetName];
  const certificate = certificateSecret(env);
  new k8s.KubeIngress(scope, 'public-bucket', {
    metadata: metadata(env, {
      name: SEAWEEDFS.name,
      stage: 'edge',
      component: 'seaweedfs',
      annotations: {
        'hexclave.dev/evaluation': SEAWEEDFS_EVALUATION,
        ...issuerAnnotation(env),
        ...preset.annotations(env, 'api'),
        ...(presetName === 'aws-alb' && { 'alb.ingress.kubernetes.io/healthcheck-path': SEAWEEDFS.health }),
        ...annotations,
      },
    }),
    spec: {
      ingressClassName: ingressClassName ?? preset.className,
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

/** The TLS Secret of the host; undefined where the certificate is in no Secret of the namespace. */
function certificateSecret({ settings }: Environment): string | undefined {
  const { tls } = settings.edge;
  if (!tls) return undefined;
  if ('secrets' in tls) return tls.secrets.s3;
  return 'clusterIssuer' in tls || 'issuer' in tls ? `${SEAWEEDFS.name}-tls` : undefined;
}
