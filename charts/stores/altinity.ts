import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { CLICKHOUSE } from '../../config/stores/clickhouse';
import {
  ClickHouseInstallation,
  ClickHouseInstallationSpecTemplatesVolumeClaimTemplatesReclaimPolicy as ReclaimPolicy,
} from '../../imports/clickhouse.altinity.com';
import { metadata, selectorLabels } from '../metadata';
import { DNS, tcp } from '../peers';
import { podTemplate } from '../pod';
import { configurations } from '../scripts';
import { clickhouseServer, TMP } from './clickhouse';
import { KEPT } from './operator';
import { DATA, STORE_USER } from './stateful';
import type { StoreChart } from './store';

/** A ClickHouseInstallation of Altinity's operator, which is in the cluster already: one shard, one replica. */
export const altinity: StoreChart = {
  component: 'clickhouse',
  runs: (env) => env.settings.stores.clickhouse.mode === 'altinity',
  network: () => ({
    port: CLICKHOUSE.port,
    clients: ['server', 'migration'],
    ingress: [
      {
        from: OPERATOR.map((matchLabels) => ({ namespaceSelector: {}, podSelector: { matchLabels } })),
        ports: [tcp(CLICKHOUSE.port)],
      },
    ],
    // It writes the node's own host name into the configuration.
    egress: [DNS],
  }),
  emit(scope, env) {
    const settings = env.settings.stores.clickhouse;
    if (settings.mode !== 'altinity') return;
    // The operator's own Services are called after its objects, so the server would have to know which operator it is.
    new k8s.KubeService(scope, 'clickhouse-service', {
      metadata: metadata(env, { name: CLICKHOUSE.name, stage: 'stores', component: 'clickhouse' }),
      spec: {
        type: 'ClusterIP',
        selector: selectorLabels(env, 'clickhouse'),
        ports: [
          {
            name: 'http',
            port: CLICKHOUSE.port,
            targetPort: k8s.IntOrString.fromString('http'),
            protocol: 'TCP',
          },
        ],
      },
    });
    new ClickHouseInstallation(scope, CLICKHOUSE.name, {
      metadata: metadata(env, { name: CLICKHOUSE.name, stage: 'stores', component: 'clickhouse', annotations: KEPT }),
      spec: {
        defaults: { templates: { podTemplate: 'server', dataVolumeClaimTemplate: DATA } },
        configuration: {
          clusters: [{ name: 'hexclave', layout: { shardsCount: 1, replicasCount: 1 } }],
          settings: {
            // Row policies call getSetting('SQL_project_id').
            custom_settings_prefixes: 'SQL_',
            'logger/level': 'warning',
            'logger/console': 1,
            'logger/size': '16M',
            'logger/count': 1,
          },
          // Not under users: the operator would put the password, or its hash, into a ConfigMap.
          files: { 'users.d/hexclave.xml': configurations.clickhouseUsers },
        },
        templates: {
          podTemplates: [{ name: 'server', ...pod(env, settings) }],
          volumeClaimTemplates: [
            {
              name: DATA,
              reclaimPolicy: ReclaimPolicy.RETAIN,
              spec: {
                accessModes: ['ReadWriteOnce'],
                storageClassName: settings.storageClassName,
                resources: { requests: { storage: String(settings.size) } },
              },
            },
          ],
        },
      },
    });
  },
};

/** The operator asks the node how it is, and for metrics. Its manifest and its Helm chart label it differently. */
const OPERATOR: Record<string, string>[] = [
  { app: 'clickhouse-operator' },
  { 'app.kubernetes.io/name': 'altinity-clickhouse-operator' },
];

type Altinity = Extract<Environment['settings']['stores']['clickhouse'], { mode: 'altinity' }>;

/** The pod as the bundled one's: same user, same hardening, same command. The operator mounts data and configuration. */
function pod(env: Environment, settings: Altinity): { metadata: unknown; spec: unknown } {
  const server = clickhouseServer(env, settings.resources);
  return k8s.toJson_PodTemplateSpec(
    podTemplate(env, {
      component: 'clickhouse',
      user: STORE_USER,
      spec: { terminationGracePeriodSeconds: 60, priorityClassName: env.settings.priorityClassName },
      containers: [
        {
          ...server,
          volumeMounts: [
            ...server.volumeMounts!.filter(({ name }) => name !== DATA),
            { name: 'log', mountPath: '/var/log/clickhouse-server' },
          ],
        },
      ],
      volumes: [TMP, { name: 'log', emptyDir: { sizeLimit: k8s.Quantity.fromString('128Mi') } }],
    }),
  ) as { metadata: unknown; spec: unknown };
}
