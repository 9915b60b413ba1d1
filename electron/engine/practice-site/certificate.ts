import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** Lower-case hex of the DER's SHA-256. */
  readonly sha256: string;
}

/** A new self-signed certificate, as an appliance and a Windows server have by default. */
export async function selfSigned(name: string): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const sha256 = new X509Certificate(made.cert).fingerprint256.replace(/:/g, '').toLowerCase();
  return { key: made.private, cert: made.cert, sha256 };
}
