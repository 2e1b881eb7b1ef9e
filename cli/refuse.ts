import type { Finding } from '../config/finding';
import { Failure } from './failure';
import { report, summary } from './report';

/**
 * Ends a command that can do nothing with an environment that has errors: shows those alone, and says what did not happen.
 * @param what e.g. `Nothing was pinned`
 */
export function refuse(what: string, findings: readonly Finding[]): never {
  report(findings.filter(({ severity }) => severity === 'error'));
  throw new Failure(`${what}: ${summary(findings)}`, 1, 'Mend the errors first.');
}
