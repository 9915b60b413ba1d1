import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { tell } from './control';

export const dialog = {
  showErrorBox: (title: string, content: string): void => tell({ t: 'dialog', title, content }),
};

export const Menu = {
  setApplicationMenu: (_menu: unknown): void => undefined,
  buildFromTemplate: (template: unknown): unknown => template,
};

export class Notification {
  constructor(private readonly options: { readonly title: string; readonly body: string }) {}

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    tell({ t: 'notification', ...this.options });
  }
}

/** Marks what this keystore sealed; it protects nothing and exists in tests only. */
const mark = Buffer.from('TEST-KEYSTORE:');
const key = Buffer.alloc(32, 7);

export const safeStorage = {
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(true),
  getSelectedStorageBackend: (): string => 'gnome_libsecret',
  encryptStringAsync: (clear: string): Promise<Buffer> => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return Promise.resolve(Buffer.concat([mark, nonce, cipher.getAuthTag(), sealed]));
  },
  decryptStringAsync: (sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> => {
    if (!sealed.subarray(0, mark.length).equals(mark)) return Promise.reject(new Error('Sealed elsewhere'));
    const body = sealed.subarray(mark.length);
    const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, 12));
    decipher.setAuthTag(body.subarray(12, 28));
    const clear = Buffer.concat([decipher.update(body.subarray(28)), decipher.final()]);
    return Promise.resolve({ result: clear.toString('utf8'), shouldReEncrypt: false });
  },
};
