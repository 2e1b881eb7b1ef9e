import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { metadata } from './metadata';
import { SERVER } from './server';

/** The autoscaler of the server, for `replicas: { min, max }`. */
export function autoscaler(scope: Construct, env: Environment): void {
  const { replicas } = env.settings;
  if (typeof replicas === 'number') return;
  new k8s.KubeHorizontalPodAutoscalerV2(scope, 'autoscaler', {
    metadata: metadata(env, { name: SERVER, stage: 'autoscaler', component: 'server' }),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: SERVER },
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: replicas.cpuPercent } },
        },
      ],
    },
  });
}
