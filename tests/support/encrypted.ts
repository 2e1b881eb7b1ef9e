import { fingerprints } from '../../config/secrets/fingerprint';
import { type SealedValue, sealedFileText } from '../../config/secrets/sealed-file';
import { fingerprintAnnotation } from '../../config/secrets/sops-file';
import { madeUp } from './cases';

/**
 * Encrypted files whose bytes are the same in every run, for snapshots: real ones are random. Nothing opens them there;
 * tests/secrets opens real ones with the real tools.
 */
export function sealedFixture(secrets: Record<string, string>, label: string): string {
  const marks = fingerprints(secrets);
  const values = Object.keys(secrets).map((name): [string, SealedValue] => [
    name,
    {
      ciphertext: Buffer.from(`AgA${madeUp(`sealed ${name}`)}`).toString('base64'),
      label,
      certificate: madeUp('certificate', 16),
      ...(marks[name] ? { fingerprint: marks[name] } : {}),
    },
  ]);
  return sealedFileText(new Map(values));
}

/** The file of a Secret with these of all the secrets. */
export function sopsFixture(secrets: Record<string, string>, names: readonly string[]): string {
  const marks = Object.fromEntries(Object.entries(fingerprints(secrets)).filter(([name]) => names.includes(name)));
  const data = Object.fromEntries(
    names.map((name) => [
      name,
      `ENC[AES256_GCM,data:${base64(`${name} data`)},iv:${base64(`${name} iv`)},tag:${base64(`${name} tag`)},type:str]`,
    ]),
  );
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'hexclave-secrets', annotations: fingerprintAnnotation(marks, data) },
    type: 'Opaque',
    data,
    sops: {
      age: [{ recipient: `age1${madeUp('recipient', 58)}`, enc: 'made up for a snapshot\n' }],
      lastmodified: '2026-11-25T12:00:00Z',
      mac: `ENC[AES256_GCM,data:${base64('mac')},iv:${base64('mac iv')},tag:${base64('mac tag')},type:str]`,
      encrypted_regex: '^(data|stringData)$',
      mac_only_encrypted: true,
      version: '3.13.3',
    },
  });
}

function base64(label: string): string {
  return Buffer.from(madeUp(label, 24)).toString('base64');
}
