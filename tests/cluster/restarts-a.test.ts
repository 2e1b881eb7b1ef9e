import { describe } from 'vitest';
import { restarting } from './fixtures/restarting';

// The marker of this generation outlives the container on a volume (server-contract.md §2).
describe('a server of the image a-1', () => restarting('a-1'));
