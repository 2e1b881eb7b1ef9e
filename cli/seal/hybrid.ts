import { constants, createCipheriv, publicEncrypt, randomBytes, type X509Certificate } from 'node:crypto';
import { certificateId } from './certificate';

/**
 * Encrypts a value as the controller of Sealed Secrets expects it: a key for this value alone by RSA-OAEP, bound to the
 * label, then the value by AES-256-GCM under that key (sealed-secrets, developer/crypto.md).
 */
export function sealValue(
  certificate: X509Certificate,
  value: string,
  label: string,
): { ciphertext: string; certificate: string } {
  const key = randomBytes(32);
  const wrapped = publicEncrypt(
    {
      key: certificate.publicKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from(label),
    },
    key,
  );
  // The nonce may be constant, since no key is used twice.
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
  const sealed = [cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return {
    ciphertext: Buffer.concat([length, wrapped, ...sealed]).toString('base64'),
    certificate: certificateId(certificate),
  };
}
