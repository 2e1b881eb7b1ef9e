import type { Draft, Rule } from '../draft';
import { compareFindings, type Finding } from '../finding';
import { accepting } from './accept';
import { backup } from './backup';
import { clickhouse } from './clickhouse';
import { database } from './database';
import { edge } from './edge';
import { edgeTrust } from './edge-trust';
import { email } from './email';
import { evaluation } from './evaluation';
import { extra } from './extra';
import { foreignNames } from './foreign-names';
import { formRules } from './forms';
import { generators } from './generators';
import { images } from './images';
import { kubernetes } from './kubernetes';
import { migration } from './migration';
import { names } from './names';
import { pods } from './pods';
import { presence } from './presence';
import { reach } from './reach';
import { samples } from './samples';
import { secretModes } from './secret-modes';
import { secrets } from './secrets';
import { services } from './services';
import { size } from './size';
import { stores } from './stores';
import { urls } from './urls';
import { values } from './values';

/** Every check over an environment's files, in the order of the generated reference. */
export const rules: readonly Rule[] = [
  ...presence,
  ...names,
  ...foreignNames,
  ...formRules,
  ...values,
  ...samples,
  ...secrets,
  ...secretModes,
  ...generators,
  ...reach,
  ...urls,
  ...database,
  ...clickhouse,
  ...email,
  ...services,
  ...stores,
  ...evaluation,
  ...images,
  ...kubernetes,
  ...migration,
  ...backup,
  ...pods,
  ...extra,
  ...edge,
  ...edgeTrust,
  ...size,
];

/** All findings of all rules, sorted; those that the user accepts are warnings. */
export function judge(draft: Draft): Finding[] {
  const found = rules.flatMap((rule) => Array.from(rule.check(draft), (issue) => ({ rule: rule.id, ...issue })));
  return accepting(draft, found, RULE_IDS)
    .map(({ about: _, ...finding }) => finding)
    .sort(compareFindings);
}

const RULE_IDS = rules.map(({ id }) => id);
