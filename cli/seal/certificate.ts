import { X509Certificate } from 'node:crypto';
import type { Finding } from '../../config/finding';
import { readNamed } from '../../config/read-named';
import { found } from '../../config/reading-rules';
import { asFailure, Failure } from '../failure';

/** The controller's certificate as `kubeseal --fetch-cert` prints it; of several the first, as kubeseal takes it. */
export function readCertificate(file: string): X509Certificate {
  let pem: Buffer;
  try {
    pem = readNamed(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Failure(`The certificate ${file} is not there`, 1, `Fetch it: kubeseal --fetch-cert > ${file}`);
  }
  const certificate = parse(pem);
  if (certificate?.publicKey.asymmetricKeyType === 'rsa') return certificate;
  throw new Failure(
    `${file} is no certificate with an RSA key`,
    1,
    `Fetch the controller's: kubeseal --fetch-cert > ${file}`,
  );
}

/** What is wrong with the certificate in a file at a moment, were it the worst: that there is none. */
export function judgeCertificate(file: string, now: Date): Finding[] {
  try {
    return certificateFindings(readCertificate(file), file, now);
  } catch (error) {
    const failure = asFailure(error);
    if (!(failure instanceof Failure)) throw failure;
    return [
      found('certificate-invalid', {
        file,
        line: 0,
        field: 'secrets.certificate',
        message: `${failure.message}, so nothing can be sealed. What is sealed already can still be opened.`,
        fix: failure.fix ?? `Fetch the controller's: kubeseal --fetch-cert > ${file}`,
      }),
    ];
  }
}

/** What is wrong with a certificate at a moment. The controller opens old values for good, but nobody seals for one that has ended. */
export function certificateFindings(certificate: X509Certificate, file: string, now: Date): Finding[] {
  const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / DAY);
  if (days >= SOON) return [];
  const about = {
    file,
    line: 0,
    field: 'secrets.certificate',
    fix: `Fetch the controller's newest: kubeseal --fetch-cert > ${file}`,
  };
  if (days < 0) {
    const message =
      'The certificate has expired, and nothing can be sealed with it. What is sealed already can still be opened.';
    return [found('certificate-expired', { ...about, message }, 'error')];
  }
  const span = days === 1 ? '1 day' : `${days} days`;
  const message = `The certificate expires in ${span}; after that nothing can be sealed with it.`;
  return [found('certificate-expiring', { ...about, message })];
}

/** The beginning of its SHA-256 fingerprint. */
export function certificateId(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase();
}

const DAY = 86_400_000;
const SOON = 30;

function parse(pem: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
