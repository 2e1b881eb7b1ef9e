import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import {
  Certificate,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyRotationPolicy,
} from '../../imports/cert-manager.io';
import { metadata, NAME } from '../metadata';
import { type Host, hosts } from './hosts';

/** The Secret with the certificate of a host; undefined where the certificate is not in a Secret of the namespace. */
export function certificateSecret(env: Environment, host: Host): string | undefined {
  const { tls } = env.settings.edge;
  if (!tls) return undefined;
  if ('secrets' in tls) return tls.secrets[host];
  return 'clusterIssuer' in tls || 'issuer' in tls ? `${NAME}-${host}-tls` : undefined;
}

/** Whether requests reach the edge as https, so that it can send http there and tell browsers to stay. */
export function endsTls(env: Environment): boolean {
  const { tls } = env.settings.edge;
  return tls !== undefined && !('external' in tls);
}

/** For cert-manager's ingress-shim, which makes the Certificate of an Ingress. */
export function issuerAnnotation(env: Environment): Record<string, string> {
  const { tls } = env.settings.edge;
  if (tls && 'clusterIssuer' in tls) return { 'cert-manager.io/cluster-issuer': tls.clusterIssuer };
  if (tls && 'issuer' in tls) return { 'cert-manager.io/issuer': tls.issuer };
  return {};
}

/** A Certificate per host, for what cert-manager reads no annotations of, or only with a feature that may be off. */
export function certificates(scope: Construct, env: Environment): void {
  const { tls } = env.settings.edge;
  const issuerRef = issuer(tls);
  if (!issuerRef) return;
  for (const host of hosts) {
    const secretName = certificateSecret(env, host)!;
    new Certificate(scope, `certificate-${host}`, {
      metadata: metadata(env, { name: secretName, stage: 'edge', component: 'server' }),
      spec: {
        secretName,
        dnsNames: [env.hosts[host]],
        issuerRef: { group: 'cert-manager.io', ...issuerRef },
        privateKey: {
          algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
          size: 256,
          rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
        },
      },
    });
  }
}

function issuer(tls: Environment['settings']['edge']['tls']): { kind: string; name: string } | undefined {
  if (tls && 'clusterIssuer' in tls) return { kind: 'ClusterIssuer', name: tls.clusterIssuer };
  if (tls && 'issuer' in tls) return { kind: 'Issuer', name: tls.issuer };
  return undefined;
}
