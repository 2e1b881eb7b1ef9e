import { hasErrors } from '../config/finding';
import { join } from '../config/paths';
import { Failure } from './failure';
import { loadOne } from './load';
import { locked, secretsLock } from './lock';
import { report, summary } from './report';
import { sealWithCertificate } from './seal/sealed-secrets';
import type { Sealed, SealOptions } from './seal/sealing';
import { sealWithSops } from './seal/sops';
import { out, paint } from './terminal';

/** Encrypts the values of secrets.env into the files that are committed. */
export function seal(name: string, options: SealOptions = {}): number {
  // Whether there is such an environment at all; what it holds is read once nobody else writes there.
  loadOne(name);
  return locked(secretsLock(join('environments', name)), () => sealAlone(name, options));
}

function sealAlone(name: string, options: SealOptions): number {
  const { environment, draft, findings } = loadOne(name, { sealing: options.prune ? 'instead' : 'beside' });
  report(findings);
  if (!environment || !draft || hasErrors(findings)) {
    throw new Failure(`Nothing was sealed: ${summary(findings)}`, 1, 'Mend the errors first.');
  }
  const folder = join('environments', name);
  const { secrets } = environment.settings;
  if (secrets.mode === 'sealed-secrets')
    tell(name, sealWithCertificate({ folder, environment, draft, secrets, options }));
  else if (secrets.mode === 'sops') tell(name, sealWithSops({ folder, environment, draft, options }));
  else {
    const fix =
      'Set secrets.mode to sealed-secrets or sops in environment.yaml: docs/explanation/secrets.md compares them.';
    throw new Failure(`With secrets.mode ${secrets.mode} there is nothing to seal`, 1, fix);
  }
  return 0;
}

function tell(name: string, { written, anew, unchanged, kept, dropped }: Sealed): void {
  const line = (what: string, names: readonly string[]) => (names.length > 0 ? `  ${what}: ${names.join(', ')}\n` : '');
  out(
    written.length > 0
      ? `${paint(1, 'green', 'Wrote')} ${written.join(', ')}\n`
      : `Nothing has changed, so no file has.\n`,
  );
  out(line('encrypted anew', anew) + line('unchanged', unchanged));
  out(line('not in secrets.env, kept as they were', kept) + line('dropped', dropped));
  if (written.length > 0) out(`\nCommit that, after:\n  npx cdk8s-hexclave synth ${name}\n`);
  else out('To encrypt everything anew, for other recipients or another certificate: --all\n');
}
