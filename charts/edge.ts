import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { gateway } from './edge/gateway';
import { ingress } from './edge/ingress';
import { publicBucket } from './edge/public-bucket';
import { routes } from './edge/route';

/** How the two hosts are reached: Ingress objects, Gateway API routes, or OpenShift's Routes. */
export function edge(scope: Construct, env: Environment): void {
  const { type, preset } = env.settings.edge;
  if (type === 'none') return;
  if (type === 'gateway') gateway(scope, env);
  // A preset is a controller of the user's own, which reads Ingress objects on OpenShift too.
  else if (env.settings.platform === 'openshift' && preset === 'none') routes(scope, env);
  else ingress(scope, env);
  publicBucket(scope, env);
}
