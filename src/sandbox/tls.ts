import { createHash, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate for the sandbox's host names, with its key. */
export interface Certificate {
  readonly certPem: string;
  readonly keyPem: string;
  /** Base64 SHA-256 of the public key, for Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly spki: string;
}

/** The names the certificate is good for. */
export const CERTIFICATE_NAMES = [
  '*.my.salesforce.com',
  '*.lightning.force.com',
  '*.api-us1.com',
  '*.activehosted.com',
  'localhost',
] as const;

/** Makes a self-signed certificate; the key never leaves the process and dies with it. */
export async function makeCertificate(): Promise<Certificate> {
  const pems = await generate([{ name: 'commonName', value: 'OptBridge sandbox' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...CERTIFICATE_NAMES.map((value) => ({ type: 2 as const, value })), { type: 7, ip: '127.0.0.1' }],
      },
    ],
  });
  const publicKey = new X509Certificate(pems.cert).publicKey.export({ type: 'spki', format: 'der' });
  return {
    certPem: pems.cert,
    keyPem: pems.private,
    spki: createHash('sha256').update(publicKey).digest('base64'),
  };
}
