import { randomBytes } from 'node:crypto';
import { canonicalName, looksSecret, variable } from '../../config/contract';
import type { Assignment, Draft, Reference, SourceFile } from '../../config/draft';
import { namespaceOf } from '../../config/secrets/names';
import { type Settings, settingsSchema } from '../../config/settings';
import { provide } from '../../config/stores';

/** What a test changes in the draft of an environment without any finding. */
export interface Changes {
  /** Fields of `environment.yaml`, laid over the baseline's top-level fields. */
  readonly settings?: Record<string, unknown>;
  /** Lines of the three sources by written name; undefined takes the baseline's line away. */
  readonly config?: Lines;
  readonly secrets?: Lines;
  readonly env?: Record<string, string | { secret: string; key: string }>;
  /** Variables that the Secret holds without their values being known, in modes other than env-file. */
  readonly held?: readonly string[];
  /** What sealed values are bound to, by variable. */
  readonly sealed?: Record<string, string>;
  /** Namespaces of other environments, by name. */
  readonly neighbours?: Record<string, string>;
  /** Objects in extra/. */
  readonly extra?: readonly Record<string, unknown>[];
  /** The values of secrets.env are about to be sealed. */
  readonly sealing?: boolean;
}

type Lines = Record<string, string | undefined>;

/** A fresh secret of 48 characters that an HTTP header can carry. */
export function fresh(): string {
  return randomBytes(24).toString('hex');
}

/** A fresh server secret as the vendor's guide has it made. */
export function freshServerSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** A draft with the changes made to it; without changes no rule finds anything in it. */
export function draft(changes: Changes = {}): Draft {
  const { mode = 'env-file' } = (changes.settings?.secrets ?? {}) as { mode?: string };
  const readsSecrets = mode === 'env-file' || changes.sealing === true;
  const settings = changes.settings ? settingsOf(changes.settings) : BASELINE;
  const assignments: Assignment[] = [
    ...lines('config.env', { ...CONFIG, ...changes.config }),
    ...lines('secrets.env', readsSecrets ? { ...SECRETS, ...changes.secrets } : {}),
  ];
  const references = new Map<string, Reference>();
  for (const [index, [written, value]] of Object.entries(changes.env ?? {}).entries()) {
    const place = { file: 'environment.yaml', line: 20 + index };
    const name = canonicalName(written);
    if (typeof value === 'string') assignments.push({ ...place, name, written, value, source: 'environment.yaml' });
    else references.set(name, { ...place, name, written, ...value });
  }
  const place = () => ({ file: 'environment.yaml', line: 1 });
  return {
    name: 'production',
    settings,
    assignments,
    sealing: changes.sealing === true,
    neighbours: Object.entries(changes.neighbours ?? {})
      .filter(([, namespace]) => namespace === namespaceOf('production', settings))
      .map(([name]) => ({ name, file: `environments/${name}/environment.yaml`, line: 2 })),
    ...holdings(mode, changes),
    ...provide(settings, new Map(assignments.map((item) => [item.name, item])), references, place),
    extra: (changes.extra ?? []).map((object, index) => ({ file: 'extra/own.yaml', line: index + 1, object })),
    place,
    home: (name) => ({ file: (variable(name)?.secret ?? looksSecret(name)) ? 'secrets.env' : 'config.env', line: 0 }),
  };
}

function holdings(mode: string, changes: Changes): Pick<Draft, 'held' | 'sealed'> {
  const names = changes.held ?? (changes.sealing ? [] : Object.keys(SECRETS));
  const at = { file: mode === 'external-secrets' ? 'environment.yaml' : 'secrets.sealed.yaml', line: 1 };
  const sealed = Object.entries(changes.sealed ?? {}).map(
    ([name, label]) => [name, { ...at, label, ciphertext: 'AgA=', certificate: '0'.repeat(16) }] as const,
  );
  if (mode === 'existing' && !changes.held) return { held: undefined };
  return { held: new Map(mode === 'env-file' ? [] : names.map((name) => [name, at])), sealed: new Map(sealed) };
}

function settingsOf(changes: Record<string, unknown>): Settings {
  return settingsSchema.parse({
    image: { tag: '1.2.3', digest: `sha256:${'0'.repeat(64)}` },
    edge: { preset: 'traefik', tls: { clusterIssuer: 'letsencrypt' } },
    network: { ingressNamespace: 'traefik' },
    ...changes,
  });
}

const BASELINE = settingsOf({});

const CONFIG: Lines = {
  NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.acme.dev',
  NEXT_PUBLIC_STACK_DASHBOARD_URL: 'https://auth.acme.dev',
  HEXCLAVE_TRUSTED_PROXY: 'generic',
  STACK_CLICKHOUSE_URL: 'http://clickhouse.data.svc:8123',
  STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: 'admin@acme.dev',
  CI: 'true',
  NEXT_PUBLIC_POSTHOG_KEY: 'none',
};

const SECRETS: Lines = {
  STACK_DATABASE_CONNECTION_STRING: `postgresql://hexclave:${fresh()}@postgres.data.svc:5432/hexclave`,
  STACK_SERVER_SECRET: freshServerSecret(),
  CRON_SECRET: fresh(),
  STACK_CLICKHOUSE_ADMIN_PASSWORD: fresh(),
  STACK_CLICKHOUSE_EXTERNAL_PASSWORD: fresh(),
  STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: fresh(),
  STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: fresh(),
  STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY: fresh(),
  STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: fresh(),
  STACK_SVIX_API_KEY: fresh(),
};

function lines(source: SourceFile, of: Lines): Assignment[] {
  return Object.entries(of).flatMap(([written, value], index) =>
    value === undefined
      ? []
      : [{ name: canonicalName(written), written, value, source, file: source, line: index + 1 }],
  );
}
