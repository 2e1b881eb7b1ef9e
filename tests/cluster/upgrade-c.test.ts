import { describe } from 'vitest';
import { upgrades } from './fixtures/upgrades';

// PID 1 of this generation passes SIGTERM on.
describe('an upgrade of generation c', () => upgrades('c'));
