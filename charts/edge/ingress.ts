import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { metadata, NAME } from '../metadata';
import { type Host, hosts, ingressRules } from './hosts';
import { ingressPresets } from './presets';
import { certificateSecret, issuerAnnotation } from './tls';

/** One Ingress per host, so that a controller's annotations, certificates and health checks can differ. */
export function ingress(scope: Construct, env: Environment): void {
  const preset = ingressPresets[env.settings.edge.preset];
  preset.objects?.(scope, env);
  const groups: readonly (readonly Host[])[] = preset.together ? [hosts] : hosts.map((host) => [host]);
  for (const group of groups) {
    const [first] = group as [Host];
    const className = env.settings.edge.ingressClassName ?? preset.className;
    new k8s.KubeIngress(scope, group.join('-'), {
      metadata: metadata(env, {
        name: group.length > 1 ? NAME : `${NAME}-${first}`,
        stage: 'edge',
        component: 'server',
        annotations: {
          ...issuerAnnotation(env),
          ...(preset.classAnnotation && className ? { 'kubernetes.io/ingress.class': className } : {}),
          ...preset.annotations(env, first),
          ...env.settings.edge.annotations,
        },
      }),
      spec: {
        ingressClassName: preset.classAnnotation ? undefined : className,
        tls: certificates(env, group),
        rules: ingressRules(env, group),
      },
    });
  }
}

function certificates(env: Environment, group: readonly Host[]): k8s.IngressTls[] | undefined {
  const list = group.flatMap((host) => {
    const secretName = certificateSecret(env, host);
    return secretName ? [{ hosts: [env.hosts[host]], secretName }] : [];
  });
  return list.length > 0 ? list : undefined;
}
