import { isUtf8 } from 'node:buffer';
import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Entry } from '../../config/env-file';
import { Failure } from '../failure';
import { type Documents, lineOf, Problems } from './documents';

/** What Secrets and ConfigMaps of a file hold for a program's environment. */
export function objectEntries(documents: Documents, file: string): Entry[] {
  const problems = new Problems(file);
  const objects = documents.roots.filter(isMap).flatMap(listed);
  const ours = objects.filter((object) => ['Secret', 'ConfigMap'].includes(kindOf(object)));
  if (ours.length === 0) {
    const kinds = [...new Set(objects.map(kindOf))].join(', ') || 'nothing';
    const fix =
      'Give the Secret and the ConfigMap themselves: kubectl get secret,configmap -o yaml <names> > objects.yaml';
    throw new Failure(`${file} holds ${kinds}, and no Secret or ConfigMap`, 1, fix);
  }
  const values = new Map<string, Entry>();
  for (const object of ours) {
    if (object.has('sops'))
      throw new Failure(`${file} is encrypted by sops`, 1, 'Decrypt it first: sops decrypt <file>');
    const decode = kindOf(object) === 'Secret' ? fromBase64 : (text: string) => text;
    for (const entry of [
      ...entriesOf(documents, object, 'data', decode, problems),
      ...entriesOf(documents, object, 'stringData', (text) => text, problems),
    ]) {
      values.set(entry.name, entry);
    }
  }
  problems.end('Nothing of the file is left out in silence: mend it, or take the key out of a copy.');
  return [...values.values()];
}

function listed(object: YAMLMap): YAMLMap[] {
  const items = object.get('items');
  return isSeq(items) ? items.items.filter(isMap) : [object];
}

function kindOf(object: YAMLMap): string {
  return String(object.get('kind') ?? '');
}

function entriesOf(
  documents: Documents,
  object: YAMLMap,
  field: string,
  decode: (text: string) => string | undefined,
  problems: Problems,
): Entry[] {
  const map = object.get(field);
  if (!isMap(map)) return [];
  return map.items.flatMap(({ key, value }): Entry[] => {
    const name = String(isScalar(key) ? key.value : '');
    const line = lineOf(documents, key);
    const text =
      isScalar(value) && typeof value.value === 'string' ? decode(value.value) : value === null ? '' : undefined;
    if (text !== undefined) return [{ name, value: text, line }];
    problems.add(name, line, 'it is no text, or not in the base64 that a Secret keeps it in');
    return [];
  });
}

function fromBase64(text: string): string | undefined {
  const packed = text.replace(/\s/g, '');
  const bytes = Buffer.from(packed, 'base64');
  return bytes.toString('base64') === packed && isUtf8(bytes) ? bytes.toString() : undefined;
}
