import type { Document } from '../../charts/documents';
import { contract } from '../../config/contract';
import type { Environment } from '../../config/environment';
import type { Kind } from './kubectl';

/** A Secret or ConfigMap that has to be in the cluster with these keys, and is not written in clear by the manifests. */
export interface Expected {
  readonly kind: Kind;
  readonly name: string;
  readonly keys: readonly string[];
  /** A controller makes it from one of the manifests, so before the first apply it cannot be there. */
  readonly produced: boolean;
}

/** What the pods and the Ingress of these manifests read and these manifests do not contain. */
export function expectations(objects: readonly Document[], environment: Environment): Expected[] {
  const { settings } = environment;
  const found = new Map<string, Set<string>>();
  const expect = (kind: Kind, name: string, ...keys: string[]) => {
    const id = `${kind}/${name}`;
    found.set(id, new Set([...(found.get(id) ?? []), ...keys]));
  };
  for (const pod of objects.flatMap(podSpecs)) {
    for (const { name } of pod.imagePullSecrets ?? []) expect('Secret', name, '.dockerconfigjson');
    for (const { secret, configMap } of pod.volumes ?? []) {
      if (secret && !secret.optional) expect('Secret', secret.secretName, ...keysOf(secret.items));
      if (configMap && !configMap.optional) expect('ConfigMap', configMap.name, ...keysOf(configMap.items));
    }
    for (const container of [...(pod.initContainers ?? []), ...(pod.containers ?? [])]) {
      for (const { secretRef, configMapRef } of container.envFrom ?? []) {
        if (secretRef && !secretRef.optional) expect('Secret', secretRef.name);
        if (configMapRef && !configMapRef.optional) expect('ConfigMap', configMapRef.name);
      }
      for (const { valueFrom } of container.env ?? []) {
        const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
        if (secretKeyRef && !secretKeyRef.optional) expect('Secret', secretKeyRef.name, secretKeyRef.key);
        if (configMapKeyRef && !configMapKeyRef.optional)
          expect('ConfigMap', configMapKeyRef.name, configMapKeyRef.key);
      }
    }
  }
  // The pods get it whole, so no manifest names its keys.
  if (settings.secrets.mode === 'existing') expect('Secret', environment.secretName, ...requiredOf(environment));
  const { tls } = settings.edge;
  // Certificates of an issuer are made after the first apply.
  if (tls && 'secrets' in tls)
    for (const name of Object.values(tls.secrets)) expect('Secret', name, 'tls.crt', 'tls.key');
  const produced = new Set(objects.flatMap((object) => addProduced(object, expect)));
  for (const { kind, metadata, sops } of objects) if (sops === undefined) found.delete(`${kind}/${metadata.name}`);
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, keys]) => {
      const [kind, name] = id.split('/') as [Kind, string];
      return { kind, name, keys: [...keys].sort(), produced: kind === 'Secret' && produced.has(name) };
    });
}

/** What an existing Secret has to hold whatever else is configured. */
function requiredOf({ references }: Environment): string[] {
  return contract.filter((item) => item.required && item.secret && !references[item.name]).map((item) => item.name);
}

/** The Secret that a controller makes from an object of these manifests, with its keys as far as they are known. */
function addProduced(object: Document, expect: (kind: Kind, name: string, ...keys: string[]) => void): string[] {
  const { kind, metadata, spec } = object;
  if (kind === 'SealedSecret') expect('Secret', metadata.name, ...Object.keys(spec.encryptedData));
  else if (kind === 'Secret' && object.sops) expect('Secret', metadata.name, ...Object.keys(object.data));
  else if (kind === 'ExternalSecret') {
    expect('Secret', metadata.name, ...(spec.data ?? []).map((item: { secretKey: string }) => item.secretKey));
  } else return [];
  return [metadata.name];
}

function podSpecs({ kind, spec }: Document): Document[] {
  const template = kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
  return template?.spec?.containers ? [template.spec] : [];
}

function keysOf(items: { key: string }[] | undefined): string[] {
  return (items ?? []).map((item) => item.key);
}
