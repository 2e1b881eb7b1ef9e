import type { ExtraObject } from './extra';
import type { Place } from './finding';
import type { Settings } from './settings';

/** Where a value of a pod's environment variable is kept. */
export interface SecretKey {
  readonly secret: string;
  readonly key: string;
}

/** What of an encrypted Secret is not metadata. */
export interface EncryptedSecret {
  readonly data: Readonly<Record<string, string>>;
  readonly sops: Readonly<Record<string, unknown>>;
}

/** A network endpoint the pods call, read from a URL of the configuration. */
export interface Endpoint {
  readonly port: number;
  /** The host is inside the cluster or a private network, e.g. `minio.storage.svc` or `10.0.0.7`, or it is not known. */
  readonly private: boolean;
}

/** Where backups find their secrets. */
export interface BackupSecrets {
  /** By variable, with the database URL that a backup is taken with among them. */
  readonly keys: Readonly<Record<string, SecretKey>>;
  /** The variables in the Secret of their own, sorted; undefined when that Secret exists already. */
  readonly names: readonly string[] | undefined;
  /** Their values, when this project emits them. */
  readonly values: Readonly<Record<string, string>> | undefined;
  /** Where the bucket is; undefined with a volume. */
  readonly bucket: Endpoint | undefined;
}

/**
 * Everything the charts need to know, complete and frozen. Charts are functions of this value alone, so equal
 * environments give equal bytes.
 */
export interface Environment {
  readonly name: string;
  readonly namespace: string;
  readonly settings: Settings;
  /** Public host names, from the two `NEXT_PUBLIC_STACK_*_URL`. */
  readonly hosts: { readonly api: string; readonly dashboard: string };
  /** Variables in the ConfigMap, sorted by name. */
  readonly config: Readonly<Record<string, string>>;
  /** Secret values by variable, sorted; undefined when the Secret gets them from elsewhere. */
  readonly secrets: Readonly<Record<string, string>> | undefined;
  /** The variables the Secret holds, sorted; undefined when that is not known, as of a Secret that exists. */
  readonly secretNames: readonly string[] | undefined;
  /** What is another when a secret value is another, by variable, sorted; as far as that is known, and never the value. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Values that only the controller of Sealed Secrets can open, by variable; the migration Job's URL among them. */
  readonly sealed: Readonly<Record<string, string>> | undefined;
  /** Secrets as sops encrypts them, by name. */
  readonly encrypted: Readonly<Record<string, EncryptedSecret>> | undefined;
  /** Name of the Secret that holds the secret variables, emitted or existing. */
  readonly secretName: string;
  /** Variables that come from other Secrets, sorted by name. */
  readonly references: Readonly<Record<string, SecretKey>>;
  /** Revision-bound variables: literals of the pod template, never shared by old and new pods. */
  readonly literals: Readonly<Record<string, string>>;
  /** Where the direct database URL of the migration is kept, if there is one. */
  readonly migrationDatabase: SecretKey | undefined;
  /** The value of that URL, when this project emits it. */
  readonly migrationDatabaseUrl: string | undefined;
  /** What backups read; undefined while there are none. */
  readonly backup: BackupSecrets | undefined;
  /** What the pods must be able to reach outside the namespace; stores in it are found by the labels of their pods. */
  readonly endpoints: Readonly<Record<'server' | 'migration' | 'backup', readonly Endpoint[]>>;
  /** The user's own objects, in the order of their files. */
  readonly extra: readonly ExtraObject[];
  /** Where in `environment.yaml` things stand that can only be judged in the finished objects. */
  readonly places: { readonly pods: Place; readonly patches: readonly Place[]; readonly accept: readonly Place[] };
  /** Hosts of the configuration that are inside the cluster or a private network, sorted. */
  readonly internalHosts: readonly string[];
  /** QStash is configured, so the sync poller has somewhere to publish to. */
  readonly qstash: boolean;
}
