import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { SEAWEEDFS, SEAWEEDFS_EVALUATION } from '../../config/stores/seaweedfs';
import { contentId } from '../content-id';
import { CURL_USER, mirrored } from '../images';
import { metadata, NAME } from '../metadata';
import { patchesOf } from '../patches';
import { container, podTemplate } from '../pod';
import { podExtras } from '../pods';
import { scripts } from '../scripts';
import { fromSecret, literal, secretKey, verbatim } from '../variables';

/** The Job that makes the buckets. As with the migration, its name says what it does: other content is another Job. */
export function bucketsJob(scope: Construct, env: Environment): void {
  const template = podTemplate(env, {
    component: 'buckets',
    user: CURL_USER,
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 5 },
    containers: [curl(env)],
  });
  const name = `${NAME}-buckets`;
  new k8s.KubeJob(scope, 'buckets', {
    metadata: metadata(env, {
      name: `${name}-${contentId(template, ...podExtras(env, 'buckets'), ...patchesOf(env, 'buckets', name))}`,
      stage: 'stores',
      component: 'buckets',
      annotations: {
        'hexclave.dev/evaluation': SEAWEEDFS_EVALUATION,
        // Jobs of earlier content stay as the record of what ran; without pruning they must not make the app OutOfSync.
        'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
      },
    }),
    spec: {
      // The script itself waits five minutes for the store in every attempt.
      backoffLimit: 6,
      activeDeadlineSeconds: 3600,
      template,
    },
  });
}

function curl(env: Environment): k8s.Container {
  return container({
    name: 'buckets',
    image: mirrored(env.settings, env.settings.images.curl),
    command: ['/bin/sh', '-c', verbatim(scripts.buckets)],
    env: [
      ...Object.entries({
        STACK_S3_ENDPOINT: `http://${SEAWEEDFS.name}:${SEAWEEDFS.port}`,
        STACK_S3_REGION: SEAWEEDFS.region,
        STACK_S3_BUCKET: SEAWEEDFS.bucket,
        STACK_S3_PRIVATE_BUCKET: SEAWEEDFS.privateBucket,
      }).map(([name, value]) => literal(name, value)),
      ...['STACK_S3_ACCESS_KEY_ID', 'STACK_S3_SECRET_ACCESS_KEY'].map((name) => fromSecret(name, secretKey(env, name))),
    ],
    requests: { cpu: '10m', memory: '16Mi', 'ephemeral-storage': '1Mi' },
    limits: { cpu: '200m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
  });
}
