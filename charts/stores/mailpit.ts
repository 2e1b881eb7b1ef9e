import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { MAILPIT, MAILPIT_EVALUATION } from '../../config/stores/mailpit';
import { mirrored } from '../images';
import { type Amounts, container } from '../pod';
import { fromSecret, secretKey } from '../variables';
import { statefulStore } from './stateful';
import type { StoreChart } from './store';

/** Mailpit in one pod: it takes every e-mail and shows it to who forwards its port, and to nobody else. */
export const mailpit: StoreChart = {
  component: 'mailpit',
  runs: (env) => env.settings.stores.email.mode === 'mailpit',
  network: () => ({ port: MAILPIT.port, clients: ['server'] }),
  emit(scope, env) {
    const settings = env.settings.stores.email;
    if (settings.mode !== 'mailpit') return;
    statefulStore(scope, env, {
      component: 'mailpit',
      name: MAILPIT.name,
      evaluation: MAILPIT_EVALUATION,
      terminationGracePeriodSeconds: 10,
      secrets: ['STACK_EMAIL_PASSWORD'],
      container: server(env, settings.resources),
      volumes: [{ name: 'mail', emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') } }],
    });
  },
};

function server(env: Environment, amounts: { readonly requests: Amounts; readonly limits: Amounts }): k8s.Container {
  const ready = (seconds: { periodSeconds: number; failureThreshold: number }): k8s.Probe => ({
    exec: { command: ['/mailpit', 'readyz'] },
    timeoutSeconds: 5,
    ...seconds,
  });
  return container({
    name: 'mailpit',
    image: mirrored(env.settings, env.settings.images.mailpit),
    env: [
      fromSecret('SMTP_PASSWORD', secretKey(env, 'STACK_EMAIL_PASSWORD')),
      ...Object.entries({
        MP_SMTP_BIND_ADDR: `0.0.0.0:${MAILPIT.port}`,
        // Kubernetes fills the password in; the Service has no TLS, and the server logs in without it.
        MP_SMTP_AUTH: `${MAILPIT.user}:$(SMTP_PASSWORD)`,
        MP_SMTP_AUTH_ALLOW_INSECURE: 'true',
        // It would look every client's name up, and DNS is closed to it.
        MP_SMTP_DISABLE_RDNS: 'true',
        // The pod alone: whoever reads the mail can sign in as anybody. kubectl port-forward ends inside the pod, too.
        MP_UI_BIND_ADDR: '127.0.0.1:8025',
        MP_DATABASE: '/data/mailpit.db',
        MP_MAX_MESSAGES: '1000',
        MP_DISABLE_VERSION_CHECK: 'true',
        HOME: '/data',
      }).map(([name, value]) => ({ name, value })),
    ],
    ports: [{ name: 'smtp', containerPort: MAILPIT.port, protocol: 'TCP' }],
    startupProbe: ready({ periodSeconds: 2, failureThreshold: 30 }),
    readinessProbe: ready({ periodSeconds: 10, failureThreshold: 3 }),
    livenessProbe: ready({ periodSeconds: 20, failureThreshold: 6 }),
    requests: amounts.requests,
    limits: amounts.limits,
    volumeMounts: [{ name: 'mail', mountPath: '/data' }],
  });
}
