import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '#engine/database/index';
import { PassphraseKeystore, SecretStore } from '#engine/secrets/index';

const password = 'Tr0ub4dor-und-3-Schlüssel';
const passphrase = 'correct horse battery staple';
const cost = { n: 2 ** 12, r: 8, p: 1 };

let folder: string;
let database: Database;
let keystore: PassphraseKeystore;
let secrets: SecretStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-secrets-'));
  database = await openDatabase({ file: join(folder, 'evenkeel.db') });
  keystore = new PassphraseKeystore({ file: join(folder, 'keystore.json'), cost });
  secrets = new SecretStore(database, keystore, () => 1);
});

afterEach(async () => {
  keystore.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function everyByte(): Promise<Buffer> {
  const names = await readdir(folder);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

describe('stored secrets', () => {
  it('come back as they were put, each under its owner and name', async () => {
    await keystore.unlock(passphrase);
    await secrets.put('lb-1', 'ssh', password);
    await secrets.put('lb-1', 'webui', 'other');
    await secrets.put('lb-2', 'ssh', 'third');
    expect(await secrets.get('lb-1', 'ssh')).toBe(password);
    expect(await secrets.names('lb-1')).toEqual(['ssh', 'webui']);
    await secrets.put('lb-1', 'ssh', 'replaced');
    expect(await secrets.get('lb-1', 'ssh')).toBe('replaced');
    await secrets.remove('lb-1');
    await expect(secrets.get('lb-1', 'ssh')).rejects.toMatchObject({ code: 'secret_missing' });
    expect(await secrets.get('lb-2', 'ssh')).toBe('third');
  });

  it('are nowhere in the clear: not in the database, its log, nor beside it', async () => {
    await keystore.unlock(passphrase);
    await secrets.put('lb-1', 'ssh', password);
    expect(await readdir(folder)).toContain('evenkeel.db-wal');
    const open = await everyByte();
    expect(open.includes('lb-1')).toBe(true);
    for (const clear of [password, password.slice(0, 8), passphrase]) {
      for (const encoding of ['utf8', 'base64', 'hex', 'utf16le'] as const) {
        const form = Buffer.from(clear, 'utf8').toString(encoding === 'utf16le' ? 'utf8' : encoding);
        expect(open.includes(Buffer.from(form, encoding === 'utf16le' ? 'utf16le' : 'utf8'))).toBe(false);
      }
    }
  });

  it('need the passphrase again at the next start; a wrong one is refused', async () => {
    await keystore.unlock(passphrase);
    await secrets.put('lb-1', 'ssh', password);
    const next = new PassphraseKeystore({ file: join(folder, 'keystore.json'), cost });
    const later = new SecretStore(database, next, () => 2);
    expect(next.state()).toBe('locked');
    await expect(later.get('lb-1', 'ssh')).rejects.toMatchObject({ code: 'secrets_locked' });
    await expect(next.unlock('correct horse')).rejects.toMatchObject({ code: 'secrets_locked' });
    expect(next.state()).toBe('locked');
    await next.unlock(passphrase);
    expect(await later.get('lb-1', 'ssh')).toBe(password);
    next.close();
    expect(next.state()).toBe('locked');
  });

  it('sealed for one owner are refused when moved to another', async () => {
    await keystore.unlock(passphrase);
    await secrets.put('lb-1', 'ssh', password);
    await database.kysely.updateTable('secret').set({ owner_id: 'lb-2' }).execute();
    await expect(secrets.get('lb-2', 'ssh')).rejects.toMatchObject({ code: 'secret_missing' });
  });

  it('are refused when a single bit was changed', async () => {
    await keystore.unlock(passphrase);
    const sealed = await keystore.encrypt(password);
    for (const index of [0, 12, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      await expect(keystore.decrypt(changed)).rejects.toMatchObject({ code: 'secret_missing' });
    }
  });

  it('are not lost to a damaged keystore file: it is refused and left as it was', async () => {
    await writeFile(join(folder, 'keystore.json'), '{"version":1}');
    await expect(keystore.unlock(passphrase)).rejects.toMatchObject({ code: 'file_unreadable' });
    expect(await readFile(join(folder, 'keystore.json'), 'utf8')).toBe('{"version":1}');
  });

  it.skipIf(process.platform === 'win32')('keep the keystore file to their owner (POSIX modes)', async () => {
    await keystore.unlock(passphrase);
    expect((await stat(join(folder, 'keystore.json'))).mode & 0o777).toBe(0o600);
  });
});
