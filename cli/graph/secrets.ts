import type { Document } from '../../charts/documents';
import { componentOf, type Draft, isWorkload, podsOf } from './model';

/** The Secrets that pods read, and where each comes from. */
export function addSecrets(draft: Draft): void {
  for (const object of draft.objects.filter(isWorkload)) {
    const to = podsOf(componentOf(object));
    for (const name of new Set(namesIn(object.spec))) {
      const from = draft.node({ id: `secret/${name}`, group: 'secret', title: name, lines: [origin(draft, name)] });
      draft.edge({ from, to, kind: 'reads' });
    }
  }
}

function origin({ objects }: Draft, name: string): string {
  const made = objects.find(({ kind, metadata, spec }) =>
    kind === 'ExternalSecret' ? (spec.target?.name ?? metadata.name) === name : metadata.name === name && ORIGINS[kind],
  );
  if (!made) return 'Secret that exists, or that an operator makes';
  if (made.kind === 'ExternalSecret') {
    const store = made.spec.secretStoreRef?.name;
    return store ? `from the store ${store}` : 'from a generator';
  }
  return made.sops ? 'encrypted by sops' : ORIGINS[made.kind]!;
}

const ORIGINS: Readonly<Record<string, string>> = {
  Secret: 'from secrets.env',
  SealedSecret: 'from Sealed Secrets',
};

/** Names of Secrets below a value, by the fields with which pods and operators' objects refer to one. */
function* namesIn(value: Document, key = ''): Iterable<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* namesIn(item, key);
  } else if (typeof value === 'object' && value !== null) {
    const name = value.secretName ?? (REFERENCES.has(key) ? value.name : undefined);
    if (typeof name === 'string') yield name;
    for (const [field, item] of Object.entries(value)) yield* namesIn(item, field);
  }
}

const REFERENCES = new Set(['secretRef', 'secretKeyRef', 'secret', 'superuserSecret']);
