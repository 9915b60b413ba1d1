import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { EvenkeelError } from '#shared/errors';
import type { Keystore } from '#engine/desktop/index';
import { deriveKey, ordinaryCost, seal, unseal, type ScryptCost } from './seal';

const storedForm = z.strictObject({
  version: z.literal(1),
  kdf: z.literal('scrypt'),
  n: z
    .number()
    .int()
    .min(2 ** 10)
    .max(2 ** 20),
  r: z.number().int().min(1).max(32),
  p: z.number().int().min(1).max(16),
  salt: z.base64(),
  /** A known word, sealed: tells a wrong passphrase from a damaged secret. */
  check: z.base64(),
});
type StoredForm = z.infer<typeof storedForm>;

const checkWord = 'evenkeel';
const aboutCheck = 'evenkeel keystore check v1';
const aboutSecret = 'evenkeel secret v1';

export interface PassphraseKeystoreOptions {
  /** Holds salt, cost and check word; made at the first unlock. Nothing in it is secret, yet only its owner may read it. */
  readonly file: string;
  readonly cost?: ScryptCost;
}

/** A keystore for hosts without the system's: the key comes from a passphrase and is in memory only. */
export class PassphraseKeystore implements Keystore {
  private key: Buffer | null = null;

  constructor(private readonly options: PassphraseKeystoreOptions) {}

  state(): 'ready' | 'locked' {
    return this.key === null ? 'locked' : 'ready';
  }

  /** The first passphrase ever given is the one from then on. A wrong one: `secrets_locked`. */
  async unlock(passphrase: string): Promise<void> {
    const stored = await this.read();
    const key = stored === null ? await this.create(passphrase) : await this.check(stored, passphrase);
    this.close();
    this.key = key;
  }

  encrypt(clear: string): Promise<Uint8Array> {
    return this.withKey((key) => seal(key, clear, aboutSecret));
  }

  decrypt(sealed: Uint8Array): Promise<string> {
    return this.withKey((key) => {
      const clear = unseal(key, sealed, aboutSecret);
      if (clear !== null) return clear;
      throw new EvenkeelError('secret_missing', { step: 'open a stored secret', advice: 'Enter the secret again.' });
    });
  }

  /** Wipes the key. */
  close(): void {
    this.key?.fill(0);
    this.key = null;
  }

  private async withKey<T>(use: (key: Buffer) => T): Promise<T> {
    if (this.key === null) {
      throw new EvenkeelError('secrets_locked', { step: 'use a stored secret', advice: 'Give the passphrase first.' });
    }
    return Promise.resolve(use(this.key));
  }

  private async create(passphrase: string): Promise<Buffer> {
    const cost = this.options.cost ?? ordinaryCost;
    const salt = randomBytes(16);
    const key = await deriveKey(passphrase, salt, cost);
    const check = seal(key, checkWord, aboutCheck);
    const form: StoredForm = {
      version: 1,
      kdf: 'scrypt',
      ...cost,
      salt: salt.toString('base64'),
      check: check.toString('base64'),
    };
    await writeOwn(this.options.file, `${JSON.stringify(form, null, 2)}\n`);
    return key;
  }

  private async check(stored: StoredForm, passphrase: string): Promise<Buffer> {
    const key = await deriveKey(passphrase, Buffer.from(stored.salt, 'base64'), stored);
    if (unseal(key, Buffer.from(stored.check, 'base64'), aboutCheck) === checkWord) return key;
    key.fill(0);
    throw new EvenkeelError('secrets_locked', {
      step: 'unlock the stored secrets',
      unchanged: 'the stored secrets',
      advice: 'Give the passphrase that was set when the first secret was stored.',
    });
  }

  private async read(): Promise<StoredForm | null> {
    const { file } = this.options;
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
    const parsed = storedForm.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    // A new salt here would make every stored secret unreadable for good.
    throw new EvenkeelError('file_unreadable', { step: 'unlock the stored secrets', file, unchanged: 'the file' });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function writeOwn(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(`${file}.part`, 'w', 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}
