import { backup } from './backup';
import type { Case } from './case';
import { edge } from './edge';
import { evaluation } from './evaluation';
import { extraCases } from './extra';
import { kubernetes } from './kubernetes';
import { podCases } from './pods';
import { secretModes } from './secret-modes';
import { secrets } from './secrets';
import { services } from './services';
import { stores } from './stores';
import { urls } from './urls';
import { values } from './values';
import { variables } from './variables';

/** The cases of every rule, by its id. */
export const cases: Readonly<Record<string, Case>> = {
  ...variables,
  ...values,
  ...secrets,
  ...secretModes,
  ...urls,
  ...services,
  ...stores,
  ...evaluation,
  ...kubernetes,
  ...backup,
  ...podCases,
  ...extraCases,
  ...edge,
};
