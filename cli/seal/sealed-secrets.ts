import type { Draft } from '../../config/draft';
import type { Environment } from '../../config/environment';
import { hasErrors } from '../../config/finding';
import { join } from '../../config/paths';
import { fingerprints } from '../../config/secrets/fingerprint';
import { type Scope, sealingLabel, secretOf } from '../../config/secrets/names';
import { SEALED_FILE, type SealedValue, sealedFileText } from '../../config/secrets/sealed-file';
import { Failure } from '../failure';
import { replaceFile } from '../private-file';
import { report } from '../report';
import { certificateFindings, readCertificate } from './certificate';
import { sealValue } from './hybrid';
import type { Sealed, SealOptions } from './sealing';
import { valuesToSeal } from './values';

export interface SealingProps {
  readonly folder: string;
  readonly environment: Environment;
  readonly draft: Draft;
  readonly secrets: { readonly scope: Scope; readonly certificate: string };
  readonly options: SealOptions;
}

/** Seals what has changed for the controller of Sealed Secrets; unchanged values keep their ciphertext, so git stays quiet. */
export function sealWithCertificate({ folder, environment, draft, secrets, options }: SealingProps): Sealed {
  const file = options.certificate ?? join(folder, secrets.certificate);
  const certificate = readCertificate(file);
  const findings = certificateFindings(certificate, file, new Date());
  report(findings);
  if (hasErrors(findings)) throw new Failure('Nothing was sealed', 1);
  const values = valuesToSeal(environment);
  const marks = fingerprints(Object.fromEntries(values));
  const before = draft.sealed ?? new Map<string, SealedValue>();
  const after = new Map<string, SealedValue>();
  const anew: string[] = [];
  for (const [name, value] of values) {
    const label = sealingLabel(secrets.scope, environment.namespace, secretOf(name));
    const old = before.get(name);
    const same = !options.all && old && old.label === label && marks[name] && old.fingerprint === marks[name];
    if (!same) anew.push(name);
    after.set(name, same ? old : { ...sealValue(certificate, value, label), label, fingerprint: marks[name] });
  }
  const others = [...before.keys()].filter((name) => !values.has(name));
  if (!options.prune) for (const name of others) after.set(name, before.get(name)!);
  const changed = anew.length > 0 || (options.prune === true && others.length > 0);
  if (changed) replaceFile(join(folder, SEALED_FILE), sealedFileText(after), 0o644);
  return {
    written: changed ? [join(folder, SEALED_FILE)] : [],
    anew,
    unchanged: [...values.keys()].filter((name) => !anew.includes(name)),
    kept: options.prune ? [] : others,
    dropped: options.prune ? others : [],
  };
}
