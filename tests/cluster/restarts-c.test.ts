import { describe } from 'vitest';
import { restarting } from './fixtures/restarting';

// This generation compares its marker with the variables.
describe('a server of the image c-1', () => restarting('c-1'));
