import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import type { Scope } from '../../config/secrets/names';
import type { Settings } from '../../config/settings';
import { SealedSecret } from '../../imports/bitnami.com';
import { metadata } from '../metadata';
import { producedMetadata, type SourceProps } from './produced';

type Mode = Extract<Settings['secrets'], { mode: 'sealed-secrets' }>;

/** A SealedSecret of what the seal command has encrypted; the controller makes the Secret of the same name from it. */
export function sealedSecret(scope: Construct, env: Environment, mode: Mode, props: SourceProps): void {
  const { secret, stage, variables } = props;
  const produced = producedMetadata(env);
  // The controller reads the scope here, kubeseal writes it in both places.
  const scoped = SCOPES[mode.scope];
  new SealedSecret(scope, secret, {
    metadata: metadata(env, { name: secret, stage, annotations: scoped }),
    spec: {
      encryptedData: Object.fromEntries(variables.map((name) => [name, env.sealed![name]!])),
      template: {
        type: 'Opaque',
        metadata: {
          name: secret,
          namespace: env.namespace,
          labels: produced.labels,
          annotations: { ...produced.annotations, ...scoped },
        },
      },
    },
  });
}

const SCOPES: Readonly<Record<Scope, Record<string, string>>> = {
  strict: {},
  'namespace-wide': { 'sealedsecrets.bitnami.com/namespace-wide': 'true' },
  'cluster-wide': { 'sealedsecrets.bitnami.com/cluster-wide': 'true' },
};
