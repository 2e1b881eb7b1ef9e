import { describe } from 'vitest';
import { deletion } from './lib/deletion';

describe('deleting the Application with everything it has made', () => deletion());
