import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../config/environment';
import { emit } from './emit';
import { serverImage } from './images';
import { metadata, NAME } from './metadata';
import { container, podTemplate } from './pod';
import { withPodSettings } from './pods';
import { API_PORT } from './ports';
import { scripts } from './scripts';
import { SERVER_USER } from './server-pod';
import { literal, oneVariable, verbatim } from './variables';

/** Name of the Job that lets the administrator in again. The next one takes its place. */
export const ADMIN_RESET_JOB = `${NAME}-admin-reset`;

/** That Job, as a file of its own: it is no part of what is applied every time. */
export function adminResetManifest(env: Environment): string {
  const chart = new Chart(new App(), 'admin-reset');
  new k8s.KubeJob(chart, 'admin-reset', {
    // Of the maintenance: its policy leads to the server and nowhere else.
    metadata: metadata(env, { name: ADMIN_RESET_JOB, stage: 'maintenance', component: 'maintenance' }),
    spec: {
      // What the server refuses it refuses again, and every step can be done again.
      backoffLimit: 0,
      activeDeadlineSeconds: 900,
      template: podTemplate(env, {
        component: 'maintenance',
        user: SERVER_USER,
        spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 5 },
        containers: [
          container({
            name: 'admin-reset',
            // For its Node; nothing of the server is started.
            image: serverImage(env.settings),
            command: ['node'],
            args: ['--input-type=module', '--eval', verbatim(scripts.adminReset)],
            env: [
              literal('API_URL', `http://${NAME}-api.${env.namespace}.svc:${API_PORT}`),
              literal('WAIT_SECONDS', '300'),
              ...NEEDED.map((name) => oneVariable(env, name)),
              ...(isGiven(env, ACCESS) ? [oneVariable(env, ACCESS)] : []),
            ],
            requests: { cpu: '50m', memory: '96Mi', 'ephemeral-storage': '16Mi' },
            limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '64Mi' },
          }),
        ],
      }),
    },
  });
  const documents = chart.toJson();
  for (const document of documents) withPodSettings(env, document);
  return emit(documents);
}

/** Whether an environment has a value for a variable. An existing Secret may have any. */
export function isGiven(env: Environment, name: string): boolean {
  if (env.config[name] || env.references[name]) return true;
  return env.secretNames?.includes(name) ?? false;
}

const SEED = 'STACK_SEED_INTERNAL_PROJECT_';
const ACCESS = `${SEED}USER_INTERNAL_ACCESS`;
const NEEDED = ['USER_EMAIL', 'USER_PASSWORD', 'PUBLISHABLE_CLIENT_KEY', 'SECRET_SERVER_KEY'].map(
  (name) => `${SEED}${name}`,
);
