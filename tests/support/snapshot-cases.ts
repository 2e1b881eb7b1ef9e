import { readFileSync } from 'node:fs';
import { parseEnvFile } from '../../config/env-file';
import { bundledConfig, bundledSecrets, type Files, guideConfig, guideSecrets, madeUp, operatorSecrets } from './cases';
import { sealedFixture, sopsFixture } from './encrypted';

const mailConfig = {
  STACK_EMAIL_HOST: 'smtp.acme.test',
  STACK_EMAIL_PORT: '587',
  STACK_EMAIL_USERNAME: 'mailer',
  STACK_EMAIL_SENDER: 'auth@acme.test',
};

const migrationUrl = {
  MIGRATION_DATABASE_CONNECTION_STRING: `postgresql://owner:${madeUp('owner', 32)}@hexclave-postgres-direct:5433/stackframe`,
};

/** Of SeaweedFS and Svix in the namespace. */
const storeSecrets: Record<string, string> = {
  STACK_S3_ACCESS_KEY_ID: madeUp('seaweedfs id', 20),
  STACK_S3_SECRET_ACCESS_KEY: madeUp('seaweedfs key', 40),
  SVIX_JWT_SECRET: madeUp('svix'),
  SVIX_DATABASE_PASSWORD: `${madeUp('svix database', 24)} '"\\:$(x)%/@`,
};

const backupSecrets: Record<string, string> = {
  BACKUP_PASSWORD: madeUp('backups'),
  BACKUP_S3_ACCESS_KEY_ID: madeUp('backups id', 20),
  BACKUP_S3_SECRET_ACCESS_KEY: madeUp('backups key', 40),
};

/** The environments whose manifests are kept in `__snapshots__/`: each shows a way in which people run Hexclave. */
export const snapshotCases: Record<string, Files> = {
  /** The vendor's minimal env file and nothing else. */
  guide: {
    yaml: `
image: { tag: 53c1c9e }
edge: { tls: { clusterIssuer: letsencrypt } }
`,
    config: guideConfig,
    secrets: guideSecrets,
  },

  /** Secrets kept elsewhere, a database operator's URL, images from a mirror by digest, an autoscaler. */
  existing: {
    name: 'eu-west',
    yaml: `
namespace: { name: auth, create: false }
image: { tag: 53c1c9e, digest: 'sha256:${madeUp('image digest')}' }
images: { curl: 'docker.io/curlimages/curl:8.16.0@sha256:${madeUp('curl digest')}' }
registry: mirror.acme.test/hub
imagePullSecrets: [mirror-pull]
replicas: { min: 3, max: 8 }
secrets: { mode: existing, name: auth-server, revision: '7' }
env:
  STACK_DATABASE_CONNECTION_STRING: { secret: auth-db-app, key: uri }
  MIGRATION_DATABASE_CONNECTION_STRING: { secret: auth-db-direct, key: uri }
  HEXCLAVE_TRUSTED_PROXY: generic
stores: { postgres: { port: 6432, maxConnections: 300 } }
edge:
  ingressClassName: traefik
  annotations: { traefik.ingress.kubernetes.io/router.entrypoints: websecure }
  tls: { secrets: { api: auth-api-tls, dashboard: auth-dashboard-tls } }
priorityClassName: business-critical
nodeSelector: { kubernetes.io/arch: arm64 }
tolerations: [{ key: dedicated, operator: Equal, value: auth, effect: NoSchedule }]
`,
    config: { ...guideConfig, STACK_CLICKHOUSE_DATABASE: 'default', STACK_CLICKHOUSE_URL: 'https://ch.acme.test:8443' },
  },

  /** Every optional service configured, every switch used. */
  full: {
    name: 'full',
    yaml: `
image: { tag: 53c1c9e }
replicas: 3
resources: { requests: { cpu: 1, memory: 2Gi }, limits: { cpu: 4, memory: 4Gi } }
migration: { gate: ledger, attempt: 2 }
maintenance:
  schedule: '*/2 * * * *'
  workflowEngineStep: true
  issuesReconciler: true
  extra:
    park: { path: /api/latest/internal/deployments-parking-sweep, schedule: '*/10 * * * *', timeoutSeconds: 30 }
edge: { tls: { issuer: acme } }
network: { allowPrivateEgress: true, egress: [{ port: 5433, cidr: 10.20.0.0/16 }, { port: 9000 }] }
caBundle: { configMap: acme-ca, key: bundle.pem }
env: { STACK_CHANGELOG_URL: 'https://acme.test/changelog?a=$(b)&c=$$d' }
labels: { team: identity }
annotations: { acme.test/owner: identity@acme.test }
`,
    config: {
      ...guideConfig,
      STACK_CLICKHOUSE_DATABASE: 'default',
      HEXCLAVE_TRUSTED_PROXY: 'generic',
      CI: 'true',
      NEXT_PUBLIC_POSTHOG_KEY: 'none',
      ...mailConfig,
      STACK_S3_ENDPOINT: 'http://seaweedfs.storage.svc:8333',
      STACK_S3_PUBLIC_ENDPOINT: 'https://assets.acme.test',
      STACK_S3_REGION: 'eu-west-1',
      STACK_S3_BUCKET: 'auth',
      STACK_S3_PRIVATE_BUCKET: 'auth-private',
      STACK_SVIX_SERVER_URL: 'http://svix.webhooks.svc:8071',
      NEXT_PUBLIC_STACK_SVIX_SERVER_URL: 'https://webhooks.acme.test',
      STACK_QSTASH_URL: 'http://localhost:8080',
      NODE_OPTIONS: '--dns-result-order=ipv4first',
    },
    secrets: {
      ...guideSecrets,
      ...migrationUrl,
      STACK_EMAIL_PASSWORD: madeUp('smtp', 32),
      STACK_EMAILABLE_API_KEY: 'disable_email_validation',
      STACK_FREESTYLE_API_KEY: madeUp('freestyle', 32),
      STACK_VERCEL_SANDBOX_TOKEN: madeUp('sandbox', 32),
      STACK_S3_ACCESS_KEY_ID: madeUp('s3 id', 20),
      STACK_S3_SECRET_ACCESS_KEY: madeUp('s3 key', 40),
      STACK_SVIX_API_KEY: madeUp('svix', 40),
      STACK_OPENROUTER_API_KEY: madeUp('openrouter', 40),
      STACK_QSTASH_TOKEN: madeUp('qstash', 40),
      STACK_QSTASH_CURRENT_SIGNING_KEY: madeUp('qstash current', 40),
      STACK_QSTASH_NEXT_SIGNING_KEY: madeUp('qstash next', 40),
    },
  },

  /** One replica behind a load balancer that ends TLS; routes and certificates are somebody else's. */
  single: {
    name: 'single',
    yaml: `
image: { tag: 53c1c9e }
replicas: 1
migration: { gate: 'off' }
maintenance: { sequencer: false, poller: false }
edge: { type: none }
`,
    config: guideConfig,
    secrets: guideSecrets,
  },

  /** Secrets from a store by External Secrets Operator, one made up in the cluster. */
  external: {
    yaml: `
image: { tag: 53c1c9e }
secrets:
  mode: external-secrets
  store: { name: vault, kind: ClusterSecretStore }
  from: { key: hexclave/production }
  variables: [STACK_SVIX_API_KEY, MIGRATION_DATABASE_CONNECTION_STRING, HEXCLAVE_OPENROUTER_API_KEY]
  remoteRefs:
    STACK_EMAIL_PASSWORD: { key: mail/smtp, property: password, version: '3' }
  generators:
    CRON_SECRET: { name: hexclave-password }
  refreshPolicy: Periodic
  refreshInterval: 30m
  creationPolicy: Orphan
  revision: 2026-11-25
  reloader: true
edge: { tls: { clusterIssuer: letsencrypt } }
labels: { team: identity }
annotations: { acme.test/owner: identity@acme.test, argocd.argoproj.io/compare-options: IgnoreExtraneous }
`,
    config: { ...guideConfig, ...mailConfig },
  },

  /** Values that only the controller of Sealed Secrets can open, in a namespace under any name. */
  sealed: {
    yaml: `
image: { tag: 53c1c9e }
secrets: { mode: sealed-secrets, scope: namespace-wide }
edge: { tls: { clusterIssuer: letsencrypt } }
`,
    config: guideConfig,
    others: { 'secrets.sealed.yaml': sealedFixture({ ...guideSecrets, ...migrationUrl }, 'hexclave-production') },
  },

  /** A Secret that sops has encrypted, for Flux. */
  sops: {
    yaml: `
image: { tag: 53c1c9e }
secrets: { mode: sops }
edge: { tls: { clusterIssuer: letsencrypt } }
`,
    config: guideConfig,
    others: {
      'secrets.sops.yaml': sopsFixture({ ...guideSecrets, ...migrationUrl }, Object.keys(guideSecrets)),
      'migration-database.sops.yaml': sopsFixture({ ...guideSecrets, ...migrationUrl }, Object.keys(migrationUrl)),
    },
  },

  /** Both databases in the namespace, for evaluation; a password with every character that a URL or a shell minds. */
  bundled: {
    name: 'trial',
    yaml: `
image: { tag: 53c1c9e }
images: { postgres: 'docker.io/library/postgres:18.4@sha256:${madeUp('postgres digest')}' }
replicas: 1
stores:
  postgres: { mode: bundled, version: 18, size: 5Gi, storageClassName: fast }
  clickhouse: { mode: bundled, resources: { limits: { memory: 3Gi } } }
edge: { tls: { external: true } }
labels: { team: identity }
`,
    config: bundledConfig,
    secrets: bundledSecrets,
  },

  /** Both databases through operators, in a hardened, mirrored, pinned environment. */
  operators: {
    name: 'staging',
    yaml: `
image: { tag: 53c1c9e }
registry: mirror.acme.test/hub
imagePullSecrets: [mirror-pull]
replicas: { min: 4, max: 12 }
stores:
  postgres: { mode: cloudnative-pg, version: 16, size: 100Gi, storageClassName: fast, podMonitor: true }
  clickhouse: { mode: altinity, size: 50Gi, storageClassName: fast }
edge: { tls: { issuer: acme } }
labels: { team: identity }
annotations: { acme.test/owner: identity@acme.test }
nodeSelector: { kubernetes.io/arch: arm64 }
tolerations: [{ key: dedicated, operator: Equal, value: auth, effect: NoSchedule }]
priorityClassName: business-critical
monitoring:
  prometheus: { labels: { release: kube-prometheus-stack }, prober: 'blackbox-exporter.monitoring:9115' }
  dashboard: true
`,
    config: bundledConfig,
    secrets: operatorSecrets,
  },

  /** A company's cluster: a service mesh, a cloud's workload identity, a database proxy beside every pod that needs one. */
  corporate: {
    name: 'corporate',
    yaml: `
image: { tag: 53c1c9e }
registry: mirror.acme.test/hub
migration:
  resources: { requests: { cpu: 500m }, limits: { cpu: 1 } }
  gateResources: { requests: { cpu: 100m }, limits: { cpu: 200m } }
maintenance:
  resources: { requests: { cpu: 50m, memory: 32Mi }, limits: { cpu: 100m } }
stores:
  postgres: { mode: cloudnative-pg }
  clickhouse: { mode: altinity }
edge: { tls: { issuer: acme } }
proxy: { url: 'http://proxy.acme.test:3128', noProxy: [.acme.test] }
network: { egress: [{ port: 15012 }, { port: 5433, cidr: 10.20.0.0/16, pods: [server, migration] }] }
labels: { team: identity }
annotations: { acme.test/owner: identity@acme.test }
nodeSelector: { kubernetes.io/arch: arm64 }
tolerations: [{ key: dedicated, operator: Equal, value: auth, effect: NoSchedule }]
priorityClassName: business
pods:
  all:
    annotations: { proxy.istio.io/config: '{ "holdApplicationUntilProxyStarts": true }' }
    labels: { istio.io/rev: stable }
    hostAliases: [{ ip: 10.1.2.3, hostnames: [legacy.acme.internal] }]
    dnsConfig: { options: [{ name: ndots, value: '2' }] }
    runtimeClassName: gvisor
    serviceAccount: { annotations: { iam.gke.io/gcp-service-account: all@acme.iam.gserviceaccount.com } }
  server:
    annotations: { acme.test/owner: server@acme.test }
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: pool, operator: In, values: [auth] }] }] } } }
    priorityClassName: critical
    serviceAccount:
      annotations: { eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/auth }
      token: [vault-agent]
    volumes: [{ name: vault, emptyDir: { medium: Memory, sizeLimit: 1Mi } }]
    volumeMounts: [{ name: vault, mountPath: /vault, readOnly: true }]
    sidecars:
      - &database
        name: database-proxy
        image: docker.io/acme/database-proxy:2.14.1
        args: ['--port=5433', 'acme:eu:auth']
        ports: [{ name: database, containerPort: 5433 }]
        startupProbe: { tcpSocket: { port: database }, periodSeconds: 1, failureThreshold: 60 }
        securityContext: { runAsUser: 65532 }
      - name: vault-agent
        image: docker.io/hashicorp/vault:1.20.0
        args: [agent]
        env: [{ name: VAULT_ADDR, value: 'https://vault.acme.test' }]
        resources: { limits: { memory: 64Mi } }
        volumeMounts: [{ name: vault, mountPath: /vault }]
  migration:
    serviceAccount: { name: auth-migrations }
    sidecars: [*database]
  maintenance:
    tolerations: [{ key: batch, operator: Exists }]
    priorityClassName: batch
    nodeSelector: { pool: batch }
  stores:
    labels: { acme.test/backup: daily }
`,
    config: bundledConfig,
    secrets: operatorSecrets,
  },

  /** What no field says: objects that are patched, and the user's own. */
  custom: {
    yaml: `
image: { tag: 53c1c9e }
edge: { tls: { clusterIssuer: letsencrypt } }
network: { egress: [{ port: 9090 }] }
patches:
  - target: { kind: Deployment, component: server }
    patch:
      - { op: add, path: /spec/template/spec/schedulerName, value: packing }
      - { op: replace, path: /spec/revisionHistoryLimit, value: 2 }
  - target: { kind: Job, name: hexclave-migrate }
    patch: [{ op: replace, path: /spec/backoffLimit, value: 3 }]
  - target: { component: maintenance, kind: CronJob }
    patch: [{ op: add, path: /metadata/annotations/acme.test~1runbook, value: cron }]
  - target: { kind: Deployment, name: reports }
    patch: [{ op: add, path: /spec/replicas, value: 2 }]
`,
    config: guideConfig,
    secrets: guideSecrets,
    others: {
      'extra/10-quota.yaml': `
apiVersion: v1
kind: ResourceQuota
metadata: { name: auth }
spec: { hard: { pods: '40' } }
`,
      'extra/reports.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: { name: reports, labels: { app.kubernetes.io/name: reports } }
data: { every: day }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reports, annotations: { argocd.argoproj.io/sync-wave: '5' } }
spec:
  selector: { matchLabels: { app: reports } }
  template:
    metadata: { labels: { app: reports } }
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: { runAsNonRoot: true, runAsUser: 2000, runAsGroup: 2000, fsGroup: 2000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: reports
          image: docker.io/acme/reports:1.4.2
          envFrom: [{ configMapRef: { name: reports } }]
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
`,
      'extra/notes.md': 'Not an object.',
    },
  },

  /** Files and webhooks in the namespace, and the public bucket on a host of its own. */
  published: {
    name: 'demo',
    yaml: `
image: { tag: 53c1c9e }
stores:
  postgres: { mode: bundled }
  s3: { mode: seaweedfs, size: 20Gi, storageClassName: fast }
  webhooks: { mode: svix }
edge:
  ingressClassName: traefik
  tls: { secrets: { api: api-tls, dashboard: dashboard-tls, s3: assets-tls } }
`,
    config: { ...guideConfig, STACK_S3_PUBLIC_ENDPOINT: 'https://assets.acme.test/hexclave' },
    secrets: { ...bundledSecrets, ...storeSecrets },
  },

  /** Backups into a bucket, with a role that only reads; the database behind a pooler, and a certificate authority of one's own. */
  saved: {
    name: 'saved',
    yaml: `
image: { tag: 53c1c9e }
caBundle: { configMap: acme-ca }
backup:
  schedule: '30 1 * * *'
  to: { bucket: acme-backups, endpoint: 'https://s3.acme.dev:9000', region: eu-west-1, prefix: auth/saved }
  keep: { daily: 14, monthly: 12 }
  restoreTest: { disk: 40Gi }
edge: { tls: { clusterIssuer: letsencrypt } }
`,
    config: guideConfig,
    secrets: {
      ...guideSecrets,
      ...migrationUrl,
      ...backupSecrets,
      BACKUP_DATABASE_CONNECTION_STRING: `postgresql://reader:${madeUp('reader', 32)}@hexclave-postgres-direct:5434/stackframe`,
    },
  },

  /** Backups on a volume, of the database in the namespace; none before a migration, which is somebody else's to take. */
  'saved-aside': {
    name: 'saved-aside',
    yaml: `
image: { tag: 53c1c9e }
replicas: 1
registry: mirror.acme.test/hub
migration: { backup: 'off' }
backup: { to: { volume: { size: 5Gi, storageClassName: slow } } }
stores:
  postgres: { mode: bundled }
  clickhouse: { mode: bundled }
edge: { tls: { external: true } }
`,
    config: bundledConfig,
    secrets: { ...bundledSecrets, BACKUP_PASSWORD: backupSecrets.BACKUP_PASSWORD! },
  },

  /** E-mail rendered in the namespace, in production: two pods, and a key from a Secret that is there already. */
  rendered: {
    name: 'rendered',
    yaml: `
image: { tag: 53c1c9e }
replicas: 3
secrets: { mode: existing, name: auth-server }
stores: { renderer: { mode: bundled, concurrency: 4 } }
pods: { renderer: { runtimeClassName: gvisor } }
network: { egress: [{ port: 5432 }] }
edge: { tls: { clusterIssuer: letsencrypt } }
`,
    config: { ...guideConfig, ...mailConfig },
  },

  /** What `npm run quickstart` makes of the files that the repository holds. */
  evaluation: {
    name: 'evaluation',
    yaml: evaluationFile('environment.yaml'),
    config: Object.fromEntries(
      parseEnvFile(evaluationFile('config.env'), 'config.env').entries.map(({ name, value }) => [name, value]),
    ),
    secrets: {
      ...bundledSecrets,
      ...storeSecrets,
      STACK_EMAIL_PASSWORD: madeUp('mailpit', 32),
      STACK_FREESTYLE_API_KEY: `hexclave-renderer-${madeUp('renderer', 43)}`,
    },
  },
};

function evaluationFile(name: string): string {
  return readFileSync(new URL(`../../environments/evaluation/${name}`, import.meta.url), 'utf8');
}
