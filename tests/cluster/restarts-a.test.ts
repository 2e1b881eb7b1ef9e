import { describe } from 'vitest';
import { restarting } from './fixtures/restarting';

// The marker of this generation outlives the container on a volume (docs/explanation/server.md#the-work-directory).
describe('a server of the image a-1', () => restarting('a-1'));
