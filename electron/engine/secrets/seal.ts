import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

export interface ScryptCost {
  /** Memory and time, a power of two. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** 64 MiB and a fraction of a second for each guess. */
export const ordinaryCost: ScryptCost = { n: 2 ** 16, r: 8, p: 1 };

/** 32 bytes from a passphrase; composed characters, so that the same word typed on another system gives the same key. */
export function deriveKey(passphrase: string, salt: Uint8Array, cost: ScryptCost): Promise<Buffer> {
  const { n, r, p } = cost;
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, { N: n, r, p, maxmem: 256 * n * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** AES-256-GCM: nonce, tag and cipher text in one. `about` is authenticated with it and has to be given again. */
export function seal(key: Buffer, clear: string, about: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(about, 'utf8'));
  const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** `null` when key, content or `about` do not fit. */
export function unseal(key: Buffer, sealed: Uint8Array, about: string): string | null {
  if (sealed.length < nonceBytes + tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(about, 'utf8'));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    // The only failure GCM has: it does not authenticate.
    return null;
  }
}
