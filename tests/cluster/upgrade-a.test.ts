import { describe } from 'vitest';
import { upgrades } from './fixtures/upgrades';

// PID 1 of this generation ignores SIGTERM.
describe('an upgrade of generation a', () => upgrades('a'));
