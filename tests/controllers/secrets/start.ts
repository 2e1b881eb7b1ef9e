import { applyDefinitions } from '../lib/definitions';
import { inCluster, kubeconfig, programs, startProcess } from '../lib/programs';
import { EXTERNAL_SECRETS_METRICS, SEALED_SECRETS, SEALED_SECRETS_METRICS } from './lib/addresses';

/** The Sealed Secrets controller and External Secrets Operator, side by side. */
export default async function start(): Promise<void> {
  const folder = await programs('secrets');
  await applyDefinitions(`${folder}/crds`);
  const sealing = ['--listen-addr', SEALED_SECRETS, '--listen-metrics-addr', SEALED_SECRETS_METRICS];
  // A store is looked at again every five minutes as delivered, and those of the tests come late on purpose.
  const external = ['--metrics-addr', EXTERNAL_SECRETS_METRICS, '--store-requeue-interval', '5s', '--concurrent', '4'];
  await Promise.all([
    startProcess('sealed-secrets', await inCluster('kube-system', [`${folder}/sealed-secrets`, ...sealing]), {
      ready: `http://${SEALED_SECRETS}/healthz`,
    }),
    startProcess('external-secrets', [`${folder}/external-secrets`, ...external], {
      env: { KUBECONFIG: kubeconfig() },
      ready: `http://${EXTERNAL_SECRETS_METRICS}/metrics`,
    }),
  ]);
}
