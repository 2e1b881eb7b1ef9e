import { join } from 'node:path';
import type { Finding } from '../config/finding';
import type { Loaded } from '../config/load';
import { found } from '../config/reading-rules';
import { load } from './load';
import { hasErrors, json, report } from './report';
import { judgeCertificate } from './seal/certificate';
import { out } from './terminal';
import { trackedSecrets } from './tracked';

export interface CheckOptions {
  /** @default text */
  readonly format?: 'text' | 'json';
}

/** Reports what is wrong with the environments of these names, all without a name. 1 when there is an error. */
export function check(names: readonly string[], options: CheckOptions = {}): number {
  const loaded = load(names);
  const findings = loaded.flatMap((item) => [...item.findings, ...certificate(item), ...tracked(item)]);
  if (options.format === 'json') {
    const environments = loaded.map(({ name, environment }) => ({ name, valid: environment !== undefined }));
    out(json(findings, { environments }));
  } else {
    report(findings, 1);
    if (findings.length === 0) out(`${loaded.map((item) => item.name).join(', ')}: no problems\n`);
  }
  return hasErrors(findings) ? 1 : 0;
}

/** It stops no synthesis: what is sealed can still be opened. */
function certificate({ name, draft }: Loaded): Finding[] {
  if (draft?.settings.secrets.mode !== 'sealed-secrets') return [];
  const file = join('environments', name, draft.settings.secrets.certificate);
  return judgeCertificate(file, new Date()).map((finding) => ({ ...finding, severity: 'warning' }));
}

/** Whatever the mode: what is in git has been given away. It stops no synthesis, which writes other files. */
function tracked({ name }: Loaded): Finding[] {
  return trackedSecrets(join('environments', name)).map((file) =>
    found('secrets-file-tracked', {
      file,
      line: 0,
      field: 'secrets.env',
      message: 'Git knows this file: whoever has the repository, or gets it, has the secrets.',
      fix: `Run git rm --cached ${file}, have .gitignore name it, and give every secret in it a new value.`,
    }),
  );
}
