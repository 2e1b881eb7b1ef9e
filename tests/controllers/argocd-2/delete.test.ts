import { describe } from 'vitest';
import { deletion } from '../argocd/lib/deletion';

// This release knows its objects by a label as delivered, which the volumes of a StatefulSet have too.
describe('deleting the Application with everything it has made', () => deletion());
