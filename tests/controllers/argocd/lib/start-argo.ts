import { apply } from '../../../cluster/lib/kubectl';
import { applyDefinitions } from '../../lib/definitions';
import { startGitServer } from '../../lib/git';
import { bedFolder, kubeconfig, programs, startProcess } from '../../lib/programs';

/** Where everything of Argo CD is: its own objects and the Applications. */
export const ARGO = 'argocd';

/** Address of Argo CD's API server on the bed's node, for its command. */
export const API_SERVER = '127.0.0.1:8290';

/** The application controller among the programs that have been started. */
export const CONTROLLER = 'argocd-application-controller';

const REDIS = '127.0.0.1:6379';
const REPO_SERVER = '127.0.0.1:8281';

/** Starts Argo CD as the suite has built it, with the settings it is delivered with, and a Git server. */
export async function startArgo(suite: string): Promise<void> {
  const folder = await programs(suite);
  await Promise.all([
    applyDefinitions(`${folder}/crds`, '-k'),
    apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: ARGO } }]),
    startGitServer(),
    startProcess('redis', ['redis-server', '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']),
  ]);
  await apply(settings);
  const start = (part: string, health: string, ...args: string[]) =>
    startProcess(`argocd-${part}`, [`${folder}/argocd`, ...args], {
      env: {
        ...ENVIRONMENT,
        ARGOCD_BINARY_NAME: `argocd-${part}`,
        KUBECONFIG: kubeconfig(),
        HOME: bedFolder(),
        PATH: `${folder}:${process.env.PATH}`,
        TMPDIR: '/tmp',
      },
      ready: `http://127.0.0.1:${health}`,
      restart: true,
    });
  const redis = ['--redis', REDIS];
  const repository = ['--repo-server', REPO_SERVER];
  await Promise.all([
    start(
      'repo-server',
      '8284/healthz',
      ...[...redis, '--port', '8281', '--metrics-port', '8284'],
      // As long as the rounds below: it would tell the controller the commit of three minutes ago.
      ...['--revision-cache-expiration', '10s'],
    ),
    start(
      'application-controller',
      '8282/healthz',
      ...[...redis, ...repository, '--namespace', ARGO, '--metrics-port', '8282'],
      // Three minutes as delivered; a webhook of the Git server shortens it for users.
      ...['--app-resync', '10', '--app-resync-jitter', '0'],
    ),
    start(
      'applicationset-controller',
      '8285/metrics',
      ...['--namespace', ARGO, '--argocd-repo-server', REPO_SERVER],
      ...['--metrics-addr', '127.0.0.1:8285', '--probe-addr', '127.0.0.1:8286', '--webhook-addr', '127.0.0.1:8287'],
    ),
    start(
      'server',
      '8290/healthz',
      ...[...redis, ...repository, '--namespace', ARGO, '--port', '8290', '--metrics-port', '8291'],
      ...['--insecure', '--disable-auth'],
    ),
  ]);
}

const ENVIRONMENT = {
  ARGOCD_FAKE_IN_CLUSTER: 'true',
  ARGOCD_GPG_ENABLED: 'false',
  ARGOCD_LOG_LEVEL: 'info',
};

const part = { labels: { 'app.kubernetes.io/part-of': 'argocd' }, namespace: ARGO };
const settings = [
  ...['argocd-cm', 'argocd-rbac-cm', 'argocd-gpg-keys-cm', 'argocd-cmd-params-cm'].map((name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...part },
  })),
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret', ...part } },
];
