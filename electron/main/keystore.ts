import { safeStorage } from 'electron';
import type { DesktopReply, DesktopRequest } from '../engine/host/messages';

/**
 * Encrypts with the system's keystore. On Linux the backend `basic_text` protects nothing (its key is a constant), so
 * it is refused like a missing keystore.
 */
export async function answerKeystore(request: Exclude<DesktopRequest, { t: 'notify' }>): Promise<DesktopReply> {
  const { id } = request;
  const value = (text: string | null): DesktopReply => ({ t: 'desktop-reply', id, value: text, error: null });
  if (!(await isProtected())) return { t: 'desktop-reply', id, value: null, error: 'secrets_unavailable' };
  switch (request.t) {
    case 'keystore-state':
      return value(null);
    case 'encrypt':
      return value((await safeStorage.encryptStringAsync(request.clear)).toString('base64'));
    case 'decrypt':
      return value((await safeStorage.decryptStringAsync(Buffer.from(request.sealed, 'base64'))).result);
  }
}

/** The keystore fails with a plain Error for data of another user or system; its text may not travel. */
export function keystoreFailed(id: number): DesktopReply {
  return { t: 'desktop-reply', id, value: null, error: 'secrets_locked' };
}

async function isProtected(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}
