import { silence } from '../silence';
import type { Symptom, Weight } from './check';
import { checkGroups } from './checks';
import type { Facts, Unseen } from './facts';
import { type GatherProps, gather } from './gather';

/** What a check has found, with what is said of the check itself. */
export interface Diagnosis extends Symptom {
  readonly check: string;
  readonly weight: Weight;
  readonly page: string;
}

export interface Examination {
  readonly diagnoses: readonly Diagnosis[];
  readonly unseen: readonly Unseen[];
  /** Whether anything of the environment could be read. */
  readonly looked: boolean;
}

/** Looks at an environment in its cluster. Changes nothing. What is told holds no secret. */
export async function examine(props: GatherProps): Promise<Examination> {
  const facts = await gather(props);
  return { diagnoses: diagnose(facts), unseen: facts.unseen, looked: facts.items.length > 0 || !facts.namespaced };
}

/** What the checks find in these facts, problems first. */
export function diagnose(facts: Facts): Diagnosis[] {
  const hush = silence(secretsOf(facts));
  const found = checkGroups.flatMap(({ checks }) =>
    checks.flatMap(({ id, weight, page, look }) =>
      [...look(facts)].map((symptom): Diagnosis => ({ ...hushed(symptom, hush), check: id, weight, page })),
    ),
  );
  return [...found.filter(({ weight }) => weight === 'problem'), ...found.filter(({ weight }) => weight === 'note')];
}

/** Logs and events are other people's words. */
function hushed(symptom: Symptom, hush: (text: string) => string): Symptom {
  const entries = Object.entries(symptom).filter(([, text]) => text !== undefined);
  return Object.fromEntries(entries.map(([name, text]) => [name, hush(text)])) as unknown as Symptom;
}

function secretsOf({ env, secret }: Facts): string[] {
  return [...Object.values(env.secrets ?? {}), env.migrationDatabaseUrl ?? '', ...Object.values(secret ?? {})];
}
