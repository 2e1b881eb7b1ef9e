// Made by npm run generate from the schema in config/settings.ts.

/** What environment.yaml can hold. */
export interface EnvironmentInput {
  /** openshift: Routes in place of Ingress objects, and user and group of every pod left to the platform. Unset: kubernetes. */
  platform?: 'kubernetes' | 'openshift' | undefined;
  /** evaluation: to try Hexclave out. The two public URLs may be http on localhost, and a run over all environments leaves it out until `npm run quickstart` has made its secrets. Unset: production. */
  purpose?: 'production' | 'evaluation' | undefined;
  /** Where the objects live. */
  namespace?: {
    /** Unset: hexclave-<environment>. */
    name?: string | undefined;
    /** false: the namespace exists already and is left alone. Unset: true. */
    create?: boolean | undefined;
  } | undefined;
  /** The server image. */
  image: {
    /** Unset: docker.io/stackauth/server. */
    repository?: string | undefined;
    /** A tag that never moves. A new tag is a new release: it gets its own migration Job. */
    tag: string;
    /** Pins the image for good; what runs is then this digest. Unset: whatever the tag means when a node pulls it. */
    digest?: string | undefined;
  };
  /** The other images, as full references. */
  images?: {
    /** Calls the maintenance endpoints. Needs curl 8.3 or newer. */
    curl?: string | undefined;
    /** Of stores.postgres, with the major version written there, and of backups. Unset: the official image, or CloudNativePG’s. */
    postgres?: string | undefined;
    /** Of stores.clickhouse. The server is tested with 25.10. */
    clickhouse?: string | undefined;
    /** Of stores.email. */
    mailpit?: string | undefined;
    /** Of stores.s3. */
    seaweedfs?: string | undefined;
    /** Of stores.webhooks. The default is what the vendor’s emulator runs. */
    svix?: string | undefined;
    /** Of backup; its program runs beside PostgreSQL’s. Needs restic 0.17 or newer. */
    restic?: string | undefined;
    /** Of stores.renderer: Node 20 or newer with a shell. From 25 on Node itself keeps scripts off the network. */
    renderer?: string | undefined;
  } | undefined;
  /** Stands in place of the registry host of every image, e.g. mirror.example.com/hub. Unset: images come from where they live. */
  registry?: string | undefined;
  /** Names of docker-registry Secrets, put on every pod. Unset: none. */
  imagePullSecrets?: string[] | undefined;
  /** How many server pods; { min, max } emits a HorizontalPodAutoscaler, which needs a metrics API such as metrics-server. Unset: 2. */
  replicas?: number | {
    min: number;
    max: number;
    /** CPU use, in percent of the request, to scale at. Unset: 70. */
    cpuPercent?: number | undefined;
  } | undefined;
  /** What a server pod gets. Node heaps follow from the memory limit. */
  resources?: {
    requests?: {
      /** CPU. Unset: 500m. */
      cpu?: string | number | undefined;
      /** Memory. Unset: 1Gi. */
      memory?: string | number | undefined;
      /** Node disk; the work directory alone takes 3.3 GB. Unset: 5Gi. */
      'ephemeral-storage'?: string | number | undefined;
    } | undefined;
    limits?: {
      /** CPU. Unset: 2. */
      cpu?: string | number | undefined;
      /** Memory. Unset: 3Gi. */
      memory?: string | number | undefined;
      /** Node disk; the work directory alone takes 3.3 GB. Unset: 8Gi. */
      'ephemeral-storage'?: string | number | undefined;
    } | undefined;
  } | undefined;
  /** Where secret variables come from. Unset: { mode: env-file }. */
  secrets?: {
    /** secrets.env becomes a Secret in a file that git ignores. */
    mode: 'env-file';
    /** Change it when a Secret has changed whose values are not known here: it rolls the pods and re-runs the migration Job. */
    revision?: string | number | undefined;
    /** Annotates the Deployment so that Stakater’s Reloader restarts its pods when a Secret they read changes. Unset: false. */
    reloader?: boolean | undefined;
  } | {
    /** A Secret that is there already; nothing secret is read or written. */
    mode: 'existing';
    /** Its name. */
    name: string;
    /** Change it when a Secret has changed whose values are not known here: it rolls the pods and re-runs the migration Job. */
    revision?: string | number | undefined;
    /** Annotates the Deployment so that Stakater’s Reloader restarts its pods when a Secret they read changes. Unset: false. */
    reloader?: boolean | undefined;
  } | {
    /** External Secrets Operator makes the Secret from a store such as Vault or a cloud’s secret manager. */
    mode: 'external-secrets';
    /** For external-secrets: the operator’s store. */
    store: {
      /** Its name. */
      name: string;
      /** Unset: SecretStore. */
      kind?: 'SecretStore' | 'ClusterSecretStore' | undefined;
    };
    /** For external-secrets: where the variables are in the store. Unset: remoteRefs names each. */
    from?: {
      /** One entry with a field for each variable, named like it. */
      key: string;
    } | {
      /** An entry for each variable, named by the prefix and its name. */
      prefix: string;
    } | undefined;
    /** For external-secrets: variables that are elsewhere in the store, each with its place. Unset: none. */
    remoteRefs?: Record<string, {
      /** Name or path of the entry in the store. */
      key: string;
      /** Field of the entry. Unset: the entry as a whole. */
      property?: string | undefined;
      /** Unset: the newest. */
      version?: string | undefined;
    }> | undefined;
    /** For external-secrets: variables to take from the store besides the required ones, for what the store holds is not known here. Unset: none. */
    variables?: string[] | undefined;
    /** For external-secrets: variables that a generator of the operator makes up once. Each goes into a Secret of its own, which is refreshed never and outlives its ExternalSecret: it holds the only copy. Unset: none. */
    generators?: Record<string, {
      /** Its name. */
      name: string;
      /** A ClusterGenerator must be one of kind Password. Unset: Password. */
      kind?: 'Password' | 'ClusterGenerator' | undefined;
    }> | undefined;
    /** For external-secrets: when the operator reads the store again. OnChange: when this ExternalSecret changes, so a new revision brings new values and new pods together. Periodic: every refreshInterval. CreatedOnce: never. Unset: OnChange. */
    refreshPolicy?: 'OnChange' | 'Periodic' | 'CreatedOnce' | undefined;
    /** For external-secrets with refreshPolicy Periodic. Unset: 1h. */
    refreshInterval?: string | undefined;
    /** For external-secrets. Owner: the Secret is deleted with its ExternalSecret, and no pod starts until both are back. Orphan: the Secret stays, and somebody has to delete it in the end. Unset: Owner. */
    creationPolicy?: 'Owner' | 'Orphan' | undefined;
    /** Change it when a Secret has changed whose values are not known here: it rolls the pods and re-runs the migration Job. */
    revision?: string | number | undefined;
    /** Annotates the Deployment so that Stakater’s Reloader restarts its pods when a Secret they read changes. Unset: false. */
    reloader?: boolean | undefined;
  } | {
    /** The seal command encrypts secrets.env for the controller of Sealed Secrets; the result is committed. */
    mode: 'sealed-secrets';
    /** For sealed-secrets: where the sealed values can be opened. strict: in this namespace under this name. namespace-wide: in this namespace. cluster-wide: anywhere in the cluster. Unset: strict. */
    scope?: 'strict' | 'namespace-wide' | 'cluster-wide' | undefined;
    /** For sealed-secrets: the controller’s certificate as kubeseal --fetch-cert prints it, relative to the environment’s folder. Unset: certificate.pem. */
    certificate?: string | undefined;
    /** Change it when a Secret has changed whose values are not known here: it rolls the pods and re-runs the migration Job. */
    revision?: string | number | undefined;
    /** Annotates the Deployment so that Stakater’s Reloader restarts its pods when a Secret they read changes. Unset: false. */
    reloader?: boolean | undefined;
  } | {
    /** The seal command encrypts secrets.env with sops and the repository’s .sops.yaml; the result is committed. */
    mode: 'sops';
    /** Change it when a Secret has changed whose values are not known here: it rolls the pods and re-runs the migration Job. */
    revision?: string | number | undefined;
    /** Annotates the Deployment so that Stakater’s Reloader restarts its pods when a Secret they read changes. Unset: false. */
    reloader?: boolean | undefined;
  } | undefined;
  /** Extra environment variables of the server: a text, or { secret, key } to take one variable from another Secret. */
  env?: Record<string, string | {
    /** Name of a Secret in the same namespace. */
    secret: string;
    /** The key in that Secret. */
    key: string;
  }> | undefined;
  /** The migration Job and the gate in front of every server pod. */
  migration?: {
    /** What a new pod waits for. strict: migrations and seed of exactly this release. ledger: the migrations of its image. off: nothing. Unset: strict. */
    gate?: 'strict' | 'ledger' | 'off' | undefined;
    /** false: the Job migrates and leaves the seed out, for a release whose seed fails on the data that is there. The gate waits as before. A database that was never seeded is refused. Unset: true. */
    seed?: boolean | undefined;
    /** Raise it to run the migration Job of the same release once more. Unset: 0. */
    attempt?: number | undefined;
    /** before: the Job takes a backup before it migrates, when there is something to migrate; without one it does not migrate. Unset: before with backup, off without. */
    backup?: 'before' | 'off' | undefined;
    /** What the migration Job gets. */
    resources?: {
      requests?: {
        /** CPU. Unset: 250m. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 512Mi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 256Mi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
      limits?: {
        /** CPU. Unset: 2. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 2Gi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 1Gi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
    } | undefined;
    /** What the gate in front of a server pod gets; it runs before the server and not beside it. */
    gateResources?: {
      requests?: {
        /** CPU. Unset: 10m. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 64Mi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 16Mi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
      limits?: {
        /** CPU. Unset: 500m. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 256Mi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 256Mi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
    } | undefined;
  } | undefined;
  /** Backups of PostgreSQL by pg_dump and restic. Unset: none; the backups are yours. */
  backup?: {
    /** Cron schedule in UTC. Unset: every night at 02:17. */
    schedule?: string | undefined;
    /** Where the backups go; they are encrypted with BACKUP_PASSWORD. */
    to: {
      /** Its name. It is made if the key may make one; nothing else should be in it below the prefix. */
      bucket: string;
      /** URL of the S3-compatible store. Unset: AWS, in the region. */
      endpoint?: string | undefined;
      /** Region that requests are signed for. Unset: us-east-1. */
      region?: string | undefined;
      /** Where in the bucket. Unset: hexclave/<environment>. */
      prefix?: string | undefined;
    } | {
      /** A volume in the namespace. It goes with the namespace: copy it to somewhere else, or use a bucket. */
      volume: {
        /** Size of the volume; it can grow but not shrink. Unset: 20Gi. */
        size?: string | number | undefined;
        /** Unset: the cluster’s default class. */
        storageClassName?: string | undefined;
      };
    };
    /** Which backups are kept; the others are removed after each scheduled one. */
    keep?: {
      /** How many days have their last backup kept. Unset: 7. */
      daily?: number | undefined;
      /** How many weeks have their last backup kept. Unset: 4. */
      weekly?: number | undefined;
      /** How many months have their last backup kept. Unset: 6. */
      monthly?: number | undefined;
      /** How many of the backups that migration Jobs took are kept. Unset: 5. */
      beforeMigration?: number | undefined;
    } | undefined;
    /** A CronJob that checks the repository and restores the newest backup into a PostgreSQL of its own, which goes with its pod; it fails when the backup is not what it counted. Unset: none. */
    restoreTest?: {
      /** Cron schedule in UTC. Unset: Sundays at 04:43. */
      schedule?: string | undefined;
      /** Node disk of the scratch database: twice the size of yours is enough. Unset: 10Gi. */
      disk?: string | number | undefined;
    } | undefined;
    /** What the pod of a backup gets. */
    resources?: {
      requests?: {
        /** CPU. Unset: 100m. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 256Mi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 64Mi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
      limits?: {
        /** CPU. Unset: 2. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 1Gi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 4Gi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
    } | undefined;
  } | undefined;
  /** CronJobs that call the API with the CRON_SECRET. */
  maintenance?: {
    /** When the endpoints are called. Unset: every minute. */
    schedule?: string | undefined;
    /** Sends queued e-mail. Unset: true. */
    emailQueueStep?: boolean | undefined;
    /** Schedules external database sync. Unset: true. */
    sequencer?: boolean | undefined;
    /** Publishes sync work to QStash. Unset: runs when QStash is configured, is suspended otherwise. */
    poller?: boolean | undefined;
    /** Only for images since autumn 2026. Unset: false. */
    workflowEngineStep?: boolean | undefined;
    /** Every five minutes; only for images since autumn 2026. Unset: false. */
    issuesReconciler?: boolean | undefined;
    /** Further endpoints to call, by name. */
    extra?: Record<string, {
      /** Path and query on the API, e.g. /api/latest/internal/my-step. */
      path: string;
      /** Cron schedule in UTC. Unset: maintenance.schedule. */
      schedule?: string | undefined;
      /** Longest time one call may take. Unset: 90. */
      timeoutSeconds?: number | undefined;
    }> | undefined;
    /** What the pod of a call gets. */
    resources?: {
      requests?: {
        /** CPU. Unset: 10m. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 16Mi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 1Mi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
      limits?: {
        /** CPU. Unset: 200m. */
        cpu?: string | number | undefined;
        /** Memory. Unset: 64Mi. */
        memory?: string | number | undefined;
        /** Node disk. Unset: 16Mi. */
        'ephemeral-storage'?: string | number | undefined;
      } | undefined;
    } | undefined;
  } | undefined;
  /** Alerts for Prometheus, and a dashboard for Grafana (docs/how-to/alerts.md). */
  monitoring?: {
    /** true, or what it takes: a PrometheusRule with alerts, from what kube-state-metrics, the kubelet and cert-manager measure. The Prometheus operator’s definitions have to be in the cluster. Unset: false. */
    prometheus?: boolean | {
      /** Labels by which a Prometheus chooses rules and probes, such as release: kube-prometheus-stack. Unset: none besides the usual ones. */
      labels?: Record<string, string> | undefined;
      /** Address of a blackbox exporter with the module http_2xx, such as blackbox-exporter.monitoring:9115: a Probe asks both hosts through it, as their users do. Unset: nobody asks. */
      prober?: string | undefined;
    } | undefined;
    /** true: a dashboard for Grafana, in a ConfigMap with the label grafana_dashboard, which the sidecar of its chart looks for. Unset: false. */
    dashboard?: boolean | undefined;
  } | undefined;
  /** How the two hosts are reached. */
  edge?: {
    /** ingress: an Ingress per host (on OpenShift a Route). gateway: an HTTPRoute per host. none: you route to the Services yourself. Unset: ingress. */
    type?: 'ingress' | 'gateway' | 'none' | undefined;
    /** The controller that reads the objects; its annotations and further objects are emitted too. Unset: none, plain objects for any controller. */
    preset?: 'none' | 'traefik' | 'haproxy' | 'f5-nginx' | 'contour' | 'cilium' | 'aws-alb' | 'gke' | 'envoy-gateway' | 'nginx-legacy' | undefined;
    /** Unset: the preset’s class, or with none the cluster’s default. */
    ingressClassName?: string | undefined;
    /** Put on every Ingress, HTTPRoute or Route, over the preset’s own. Unset: none. */
    annotations?: Record<string, string> | undefined;
    /** Seconds of Strict-Transport-Security. Browsers must get it from one place: 0 where another proxy sends it. Unset: 31536000, one year. */
    hsts?: number | undefined;
    /** The Gateway of both hosts: name or create. Needed for edge.type gateway. */
    gateway?: {
      /** An existing Gateway. */
      name?: string | undefined;
      /** The namespace of that Gateway. Unset: the environment’s. */
      namespace?: string | undefined;
      /** The https listener of that Gateway, or one for each host. Unset: https. */
      section?: string | {
        api: string;
        dashboard: string;
      } | undefined;
      /** The http listener of that Gateway, for the redirect. Unset: http. */
      httpSection?: string | undefined;
      /** In place of name: emit a Gateway with its listeners in the environment’s namespace. */
      create?: {
        /** The GatewayClass. */
        className: string;
        /** Unset: 80, or 8000 with preset traefik, whose listeners name entry points. */
        httpPort?: number | undefined;
        /** Unset: 443, or 8443 with preset traefik. */
        httpsPort?: number | undefined;
        /** Put on the Gateway. Unset: none. */
        annotations?: Record<string, string> | undefined;
      } | undefined;
      /** How http is sent to https. 301 for a Gateway API whose CRDs do not know 308; false: not by us. Unset: 308. */
      redirect?: 308 | 301 | false | undefined;
    } | undefined;
    /** Certificates of both hosts. Needed unless edge.type is none. */
    tls?: {
      /** A cert-manager ClusterIssuer. */
      clusterIssuer: string;
    } | {
      /** A cert-manager Issuer in the namespace. */
      issuer: string;
    } | {
      /** Existing TLS Secrets for the two hosts, in the namespace. */
      secrets: {
        api: string;
        dashboard: string;
        /** For the host of STACK_S3_PUBLIC_ENDPOINT with stores.s3.mode: seaweedfs. Unset: none. */
        s3?: string | undefined;
      };
    } | {
      /** Certificates of AWS, for preset aws-alb. */
      certificateArns: string[];
    } | {
      /** A certificate that Google makes, for preset gke. */
      managedCertificate: true;
    } | {
      /** The certificates are not ours to name: TLS ends in front of the Ingress, the existing Gateway has them, or OpenShift’s router uses its own. */
      external: true;
    } | undefined;
    /** An outer proxy, when the edge can be reached through it alone. Unset: clients reach the edge directly. */
    behind?: 'cloudflare' | 'vercel' | 'cloudrun' | undefined;
    /** What you have set in the controller itself, so that no finding names it. Unset: nothing. */
    elsewhere?: ('body-size' | 'read-timeout' | 'streaming' | 'redirect' | 'hsts' | 'real-ip' | 'forwarded')[] | undefined;
  } | undefined;
  /** What keeps the data, and whether it runs in the namespace. */
  stores?: {
    /** PostgreSQL. Unset: { mode: external }. */
    postgres?: {
      /** A database of yours; STACK_DATABASE_CONNECTION_STRING says where. Unset: external. */
      mode?: 'external' | undefined;
      /** For the NetworkPolicies, when the URL is in a Secret that is not read here, e.g. 6432 of a pooler. If that holds for MIGRATION_DATABASE_CONNECTION_STRING, the migration Job is let through on this port and on 5432; another one goes into network.egress. Unset: 5432. */
      port?: number | undefined;
      /** The database’s connection limit, to check the replicas against. Unset: not checked. */
      maxConnections?: number | undefined;
    } | {
      /** One pod in the namespace, for evaluation only. */
      mode: 'bundled';
      /** Major version. Data of another major is not read: it has to be dumped and restored. Unset: 17. */
      version?: 15 | 16 | 17 | 18 | undefined;
      /** Size of the volume; it can grow but not shrink. Unset: 10Gi. */
      size?: string | number | undefined;
      /** Unset: the cluster’s default class. */
      storageClassName?: string | undefined;
      /** What the pod gets. */
      resources?: {
        requests?: {
          /** CPU. Unset: 100m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 256Mi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 64Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
        limits?: {
          /** CPU. Unset: 1. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 1Gi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 1Gi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
      } | undefined;
    } | {
      /** A Cluster of three instances; the operator is there already. */
      mode: 'cloudnative-pg';
      /** Major version. Data of another major is not read: it has to be dumped and restored. Unset: 17. */
      version?: 15 | 16 | 17 | 18 | undefined;
      /** Size of the volume; it can grow but not shrink. Unset: 20Gi. */
      size?: string | number | undefined;
      /** Unset: the cluster’s default class. */
      storageClassName?: string | undefined;
      /** What each instance gets. */
      resources?: {
        requests?: {
          /** CPU. Unset: 500m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 1Gi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 256Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
        limits?: {
          /** CPU. Unset: 2. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 2Gi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 2Gi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
      } | undefined;
      /** Have the operator make a PodMonitor for Prometheus. Unset: false. */
      podMonitor?: boolean | undefined;
    } | undefined;
    /** ClickHouse. Unset: { mode: external }. */
    clickhouse?: {
      /** A ClickHouse of yours; STACK_CLICKHOUSE_URL says where. Unset: external. */
      mode?: 'external' | undefined;
    } | {
      /** One pod in the namespace, for evaluation only. */
      mode: 'bundled';
      /** Size of the volume; it can grow but not shrink. Unset: 10Gi. */
      size?: string | number | undefined;
      /** Unset: the cluster’s default class. */
      storageClassName?: string | undefined;
      /** Always 1: tables and users are made on one node and are not replicated. Unset: 1. */
      replicas?: 1 | undefined;
      /** What the pod gets; ClickHouse keeps itself below the memory limit. */
      resources?: {
        requests?: {
          /** CPU. Unset: 250m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 1Gi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 64Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
        limits?: {
          /** CPU. Unset: 2. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 2Gi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 1Gi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
      } | undefined;
    } | {
      /** A ClickHouseInstallation; Altinity’s operator is there already. */
      mode: 'altinity';
      /** Size of the volume; it can grow but not shrink. Unset: 10Gi. */
      size?: string | number | undefined;
      /** Unset: the cluster’s default class. */
      storageClassName?: string | undefined;
      /** Always 1: tables and users are made on one node and are not replicated. Unset: 1. */
      replicas?: 1 | undefined;
      /** What the pod gets; ClickHouse keeps itself below the memory limit. */
      resources?: {
        requests?: {
          /** CPU. Unset: 250m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 1Gi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 64Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
        limits?: {
          /** CPU. Unset: 2. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 2Gi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 1Gi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
      } | undefined;
    } | undefined;
    /** Where e-mail goes. Unset: { mode: external }. */
    email?: {
      /** A mail server of yours; STACK_EMAIL_HOST and its four companions say which. Unset: external. */
      mode?: 'external' | undefined;
    } | {
      /** Mailpit in the namespace keeps every e-mail and delivers none, for evaluation only. */
      mode: 'mailpit';
      /** What the pod gets. */
      resources?: {
        requests?: {
          /** CPU. Unset: 10m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 32Mi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 64Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
        limits?: {
          /** CPU. Unset: 500m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 128Mi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 256Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
      } | undefined;
    } | undefined;
    /** Object store for images and session replays. Unset: { mode: external }. */
    s3?: {
      /** A store of yours; STACK_S3_ENDPOINT and its companions say which. Unset: external. */
      mode?: 'external' | undefined;
    } | {
      /** One SeaweedFS pod in the namespace, for evaluation only. */
      mode: 'seaweedfs';
      /** Size of the volume; it can grow but not shrink. Unset: 5Gi. */
      size?: string | number | undefined;
      /** Unset: the cluster’s default class. */
      storageClassName?: string | undefined;
      /** What the pod gets. */
      resources?: {
        requests?: {
          /** CPU. Unset: 50m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 256Mi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 64Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
        limits?: {
          /** CPU. Unset: 1. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 512Mi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 256Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
      } | undefined;
    } | undefined;
    /** What delivers webhooks. Unset: { mode: external }. */
    webhooks?: {
      /** Svix Cloud or a Svix of yours; STACK_SVIX_API_KEY is its key. Unset: external. */
      mode?: 'external' | undefined;
    } | {
      /** One Svix pod in the namespace, with a database on the bundled PostgreSQL, for evaluation only. */
      mode: 'svix';
      /** What the pod gets. */
      resources?: {
        requests?: {
          /** CPU. Unset: 50m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 128Mi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 64Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
        limits?: {
          /** CPU. Unset: 500m. */
          cpu?: string | number | undefined;
          /** Memory. Unset: 256Mi. */
          memory?: string | number | undefined;
          /** Node disk. Unset: 256Mi. */
          'ephemeral-storage'?: string | number | undefined;
        } | undefined;
      } | undefined;
    } | undefined;
    /** What renders e-mail: every template is a program. Unset: { mode: external }. */
    renderer?: {
      /** Freestyle, or what STACK_FREESTYLE_API_ENDPOINT says; STACK_FREESTYLE_API_KEY is its key. Unset: external. */
      mode?: 'external' | undefined;
    } | {
      /** Pods in the namespace, two when there are two of the server. No e-mail’s content leaves it. */
      mode: 'bundled';
      /** How many e-mails, or batches of them, a pod renders at a time. Its CPU and memory follow: half a CPU and half a GiB for each. Unset: 2. */
      concurrency?: number | undefined;
    } | undefined;
  } | undefined;
  /** NetworkPolicies. */
  network?: {
    /** Of every Service. Unset: the cluster’s default, SingleStack. */
    ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack' | undefined;
    /** Of every Service, the first one first. Unset: the cluster’s own. */
    ipFamilies?: ('IPv4' | 'IPv6')[] | undefined;
    /** Let the server call pods and private addresses (10/8, 172.16/12, 192.168/16, …) on 443, e.g. an ingress or OIDC provider inside; the migration Job too, if ClickHouse or Svix is on 443. Unset: false. */
    allowPrivateEgress?: boolean | undefined;
    /** The namespace of the ingress controller or gateway: only its pods may reach the server then, and the server may reach their https port. Unset: anyone may reach the server’s two ports. */
    ingressNamespace?: string | undefined;
    /** Further destinations of the pods, but for the renderer’s, which reach nothing: e.g. the control plane of a service mesh, the databases that External DB Sync writes to, or what a URL leads to that is in a Secret and not read here. Unset: none. */
    egress?: ({
      /** TCP port as the destination pod or host listens on it; behind a Service that is the target port. */
      port: number;
      /** A network that touches private ranges lets the port of every pod in the cluster through as well, for some CNIs find no pod by its address. Unset: anywhere but the cloud metadata address. */
      cidr?: string | undefined;
      /** Whose way it is. Unset: that of all pods. */
      pods?: ('server' | 'migration' | 'maintenance' | 'stores' | 'backup')[] | undefined;
    })[] | undefined;
  } | undefined;
  /** Put on every object and pod. Unset: none. */
  labels?: Record<string, string> | undefined;
  /** Put on every object and pod. Unset: none. */
  annotations?: Record<string, string> | undefined;
  /** Certificates the server trusts besides the public ones: for a database or an ingress with a private CA. Unset: none. */
  caBundle?: {
    /** Name of a ConfigMap in the namespace. */
    configMap: string;
    /** Unset: ca.crt. */
    key?: string | undefined;
  } | undefined;
  /** A proxy for the server’s calls to the internet, which the policies then let through to it alone. Unset: the server calls directly. */
  proxy?: {
    /** Of the proxy, or the Secret that holds its URL. */
    url: string | {
      /** Name of a Secret in the same namespace. */
      secret: string;
      /** The key in that Secret. */
      key: string;
    };
    /** Its port, for the NetworkPolicies, when the URL is in a Secret. Unset: the URL’s, or 3128. */
    port?: number | undefined;
    /** Hosts that are called directly besides those of the cluster and of the stores: names, .suffixes or addresses; Node knows no networks such as 10.0.0.0/8. Unset: none. */
    noProxy?: string[] | undefined;
  } | undefined;
  /** Nodes the pods may run on. Unset: any. */
  nodeSelector?: Record<string, string> | undefined;
  /** Put on every pod. Unset: none. */
  tolerations?: ({
    /** Key of the taint. Unset: with operator Exists, every taint. */
    key?: string | undefined;
    /** Unset: Equal. */
    operator?: 'Exists' | 'Equal' | undefined;
    /** Value of the taint, with operator Equal. Unset: the empty one. */
    value?: string | undefined;
    /** Unset: all of them. */
    effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute' | undefined;
    /** How long a pod stays on a node with the taint, with effect NoExecute. Unset: for good. */
    tolerationSeconds?: number | undefined;
  })[] | undefined;
  /** Put on the server, migration and database pods. Unset: the cluster’s default. */
  priorityClassName?: string | undefined;
  /** What the pods get besides, by whose they are: all, server, migration, maintenance, stores, renderer or backup. Maps are laid over each other, lists are put together, and of single values that of the narrower group counts. Unset: nothing. */
  pods?: Record<string, {
    /** Put on the pods. Unset: none. */
    annotations?: Record<string, string> | undefined;
    /** Put on the pods. Unset: none. */
    labels?: Record<string, string> | undefined;
    /** Nodes the pods may run on. Unset: any. */
    nodeSelector?: Record<string, string> | undefined;
    /** Put on the pods. Unset: none. */
    tolerations?: ({
      /** Key of the taint. Unset: with operator Exists, every taint. */
      key?: string | undefined;
      /** Unset: Equal. */
      operator?: 'Exists' | 'Equal' | undefined;
      /** Value of the taint, with operator Equal. Unset: the empty one. */
      value?: string | undefined;
      /** Unset: all of them. */
      effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute' | undefined;
      /** How long a pod stays on a node with the taint, with effect NoExecute. Unset: for good. */
      tolerationSeconds?: number | undefined;
    })[] | undefined;
    /** nodeAffinity, podAffinity and podAntiAffinity as in a pod; each takes the place of the one that the manifests set. Unset: server pods prefer different nodes. */
    affinity?: Record<string, unknown> | undefined;
    /** Unset: the cluster’s default. */
    priorityClassName?: string | undefined;
    /** E.g. gvisor. Unset: the nodes’ own runtime. */
    runtimeClassName?: string | undefined;
    /** Lines of /etc/hosts. Unset: none. */
    hostAliases?: {
      ip: string;
      hostnames: string[];
    }[] | undefined;
    /** Unset: ClusterFirst. */
    dnsPolicy?: 'ClusterFirst' | 'Default' | 'None' | undefined;
    /** Name servers, search domains and options of the pods, e.g. { options: [{ name: ndots, value: "2" }] }. */
    dnsConfig?: {
      nameservers?: string[] | undefined;
      searches?: string[] | undefined;
      options?: ({
        name: string;
        value?: string | undefined;
      })[] | undefined;
    } | undefined;
    /** Who the pods are to the cluster and the cloud. Unset: hexclave, without a token. */
    serviceAccount?: {
      /** One that is there already. Unset: hexclave, or one of the pods’ own with annotations. */
      name?: string | undefined;
      /** For a cloud’s workload identity, e.g. eks.amazonaws.com/role-arn. The pods then have a ServiceAccount of their own, such as hexclave-server. Unset: none. */
      annotations?: Record<string, string> | undefined;
      /** Names of the containers that get a token of the ServiceAccount where Kubernetes’ clients look for it, such as a sidecar of Vault. Unset: none gets one. */
      token?: string[] | undefined;
    } | undefined;
    /** Containers that start before ours and end after them, so that a Job still ends: native sidecars, for which the cluster has to be Kubernetes 1.29 or newer. Unset: none. */
    sidecars?: ({
      /** Its name. */
      name: string;
      /** As a full reference; registry stands in place of its host. */
      image: string;
      command?: string[] | undefined;
      args?: string[] | undefined;
      workingDir?: string | undefined;
      /** As in a container. Unset: none. */
      env?: Record<string, unknown>[] | undefined;
      /** As in a container. Unset: none. */
      envFrom?: Record<string, unknown>[] | undefined;
      /** As in a container. Unset: none. */
      ports?: Record<string, unknown>[] | undefined;
      /** What is behind it in the pod starts when this probe has succeeded. Unset: as soon as it runs. */
      startupProbe?: Record<string, unknown> | undefined;
      /** Unset: none. */
      readinessProbe?: Record<string, unknown> | undefined;
      /** Unset: none. */
      livenessProbe?: Record<string, unknown> | undefined;
      /** Unset: none. */
      lifecycle?: Record<string, unknown> | undefined;
      /** Requests and limits, over these: 10m to 500m of CPU, 32Mi to 256Mi of memory, 16Mi to 256Mi of node disk. */
      resources?: Record<string, unknown> | undefined;
      /** Over the hardening that all containers have, e.g. { runAsUser: 65532 }. Unset: the hardening alone. */
      securityContext?: Record<string, unknown> | undefined;
      /** Of the pod’s volumes. Unset: none. */
      volumeMounts?: Record<string, unknown>[] | undefined;
      terminationMessagePolicy?: string | undefined;
    })[] | undefined;
    /** Volumes as in a pod, for sidecars and volumeMounts. Unset: none. */
    volumes?: Record<string, unknown>[] | undefined;
    /** Put on every container of ours in the pods. Unset: none. */
    volumeMounts?: Record<string, unknown>[] | undefined;
  }> | undefined;
  /** Changes of the objects, done last, for what no field says. A target that fits nothing is an error, and so is a change that breaks what the manifests promise. Unset: none. */
  patches?: ({
    /** The objects that are changed: all that fit. */
    target: {
      /** E.g. Deployment. Unset: any. */
      kind?: string | undefined;
      /** Of the object; of a Job whose name ends in an id, the name without it. Unset: any. */
      name?: string | undefined;
      /** The label app.kubernetes.io/component, e.g. server, migration or maintenance. Unset: any. */
      component?: string | undefined;
    };
    /** Operations of JSON Patch (RFC 6902), done in their order, as in kustomize. */
    patch: ({
      op: 'add' | 'replace' | 'test';
      path: string;
      value: unknown;
    } | {
      op: 'remove';
      path: string;
    } | {
      op: 'move' | 'copy';
      /** Where it is now. */
      from: string;
      path: string;
    })[];
  })[] | undefined;
  /** Findings that are to be warnings here, such as a secret in use that was made before the rule. Not for what Kubernetes refuses or no manifest can be made from. An entry that matches nothing is a finding. Unset: none. */
  accept?: ({
    /** The rule, as a finding has it in brackets. */
    rule: string;
    /** The one variable whose findings are accepted. Unset: whatever the rule finds. */
    variable?: string | undefined;
    /** Why it has to be so, and until when; it is shown with the finding. */
    reason: string;
  })[] | undefined;
}
