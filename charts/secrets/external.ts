import type { Construct } from 'constructs';
import { canonicalName } from '../../config/contract';
import type { Environment } from '../../config/environment';
import { generatedSecretOf } from '../../config/secrets/names';
import { type ExternalMode, remoteRef } from '../../config/secrets/remote';
import {
  ExternalSecretSpecTargetCreationPolicy as CreationPolicy,
  ExternalSecretSpecTargetDeletionPolicy as DeletionPolicy,
  ExternalSecret,
  type ExternalSecretSpecTarget,
  ExternalSecretSpecDataFromSourceRefGeneratorRefKind as GeneratorKind,
  ExternalSecretSpecRefreshPolicy as RefreshPolicy,
  ExternalSecretSpecSecretStoreRefKind as StoreKind,
} from '../../imports/external-secrets.io';
import { metadata } from '../metadata';
import { producedMetadata, type SourceProps } from './produced';

/** An ExternalSecret: the operator makes the Secret of the same name from what the store holds. */
export function externalSecret(scope: Construct, env: Environment, mode: ExternalMode, props: SourceProps): void {
  const { secret, stage, variables } = props;
  new ExternalSecret(scope, secret, {
    metadata: metadata(env, {
      name: secret,
      stage,
      // A change of this object is what makes the operator read the store again under OnChange.
      annotations: mode.revision === '' ? {} : { 'hexclave.dev/revision': mode.revision },
    }),
    spec: {
      secretStoreRef: { name: mode.store.name, kind: STORES[mode.store.kind] },
      refreshPolicy: POLICIES[mode.refreshPolicy],
      refreshInterval: mode.refreshPolicy === 'Periodic' ? mode.refreshInterval : undefined,
      target: target(env, secret, mode.creationPolicy === 'Owner' ? CreationPolicy.OWNER : CreationPolicy.ORPHAN),
      data: variables.map((name) => ({ secretKey: name, remoteRef: remoteRef(mode, name)! })),
    },
  });
}

/** What generators make up: once, and for good, because the Secret is the only place that has it. */
export function generatedSecrets(scope: Construct, env: Environment): void {
  const { secrets } = env.settings;
  if (secrets.mode !== 'external-secrets') return;
  const generators = new Map(
    Object.entries(secrets.generators).map(([written, item]) => [canonicalName(written), item]),
  );
  for (const variable of [...generators.keys()].sort()) {
    const name = generatedSecretOf(variable);
    const { kind, name: generator } = generators.get(variable)!;
    new ExternalSecret(scope, name, {
      metadata: metadata(env, { name, stage: 'secretSource' }),
      spec: {
        refreshPolicy: RefreshPolicy.CREATED_ONCE,
        target: target(env, name, CreationPolicy.ORPHAN),
        dataFrom: [
          {
            sourceRef: { generatorRef: { apiVersion: GENERATOR_API, kind: GENERATORS[kind], name: generator } },
            // Password generators call what they make "password".
            rewrite: [{ regexp: { source: '^password$', target: variable } }],
          },
        ],
      },
    });
  }
}

/** Retain: a key that vanishes from the store must not take a key from running pods' Secret. */
function target(env: Environment, name: string, creationPolicy: CreationPolicy): ExternalSecretSpecTarget {
  return {
    name,
    creationPolicy,
    deletionPolicy: DeletionPolicy.RETAIN,
    // Without a template the operator copies labels and annotations of its object, Argo CD's tracking among them.
    template: { type: 'Opaque', metadata: producedMetadata(env) },
  };
}

const STORES = { SecretStore: StoreKind.SECRET_STORE, ClusterSecretStore: StoreKind.CLUSTER_SECRET_STORE };

const POLICIES = {
  OnChange: RefreshPolicy.ON_CHANGE,
  Periodic: RefreshPolicy.PERIODIC,
  CreatedOnce: RefreshPolicy.CREATED_ONCE,
};

const GENERATOR_API = 'generators.external-secrets.io/v1alpha1';

const GENERATORS = { Password: GeneratorKind.PASSWORD, ClusterGenerator: GeneratorKind.CLUSTER_GENERATOR };
