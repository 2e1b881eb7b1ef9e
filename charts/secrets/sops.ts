import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EncryptedSecret, Environment } from '../../config/environment';
import { metadata } from '../metadata';
import type { SourceProps } from './produced';

/**
 * A Secret as sops has encrypted it, for Flux to decrypt. Its metadata is written here, so that a new label needs nobody
 * who can encrypt; sops' checksum covers what is encrypted and nothing else.
 */
export function sopsSecret(scope: Construct, env: Environment, { secret, stage }: SourceProps): void {
  const encrypted = env.encrypted?.[secret];
  if (encrypted) new SopsSecret(scope, secret, { metadata: metadata(env, { name: secret, stage }), encrypted });
}

/** The checksum of sops is over the values in their order, and cdk8s would sort them. */
class SopsSecret extends ApiObject {
  private readonly encrypted: EncryptedSecret;

  constructor(scope: Construct, id: string, props: { metadata: object; encrypted: EncryptedSecret }) {
    super(scope, id, { apiVersion: 'v1', kind: 'Secret', metadata: props.metadata, type: 'Opaque' });
    this.encrypted = props.encrypted;
  }

  override toJson(): object {
    return { ...super.toJson(), data: this.encrypted.data, sops: this.encrypted.sops };
  }
}
