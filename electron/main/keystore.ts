import { safeStorage } from 'electron';
import type { DesktopReply, DesktopRequest } from '../engine/host/messages';

/**
 * Encrypts with the system's keystore. On Linux the backend `basic_text` protects nothing (its key is a constant), so
 * it is refused like a missing keystore.
 */
export function answerKeystore(request: Exclude<DesktopRequest, { t: 'notify' }>): DesktopReply {
  const reply = (value: string | null): DesktopReply => ({ t: 'desktop-reply', id: request.id, value, error: null });
  if (!isProtected()) return { t: 'desktop-reply', id: request.id, value: null, error: 'secrets_unavailable' };
  switch (request.t) {
    case 'keystore-state':
      return reply(null);
    case 'encrypt':
      return reply(safeStorage.encryptString(request.clear).toString('base64'));
    case 'decrypt':
      return decrypt(request.id, request.sealed);
  }
}

function decrypt(id: number, sealed: string): DesktopReply {
  try {
    return { t: 'desktop-reply', id, value: safeStorage.decryptString(Buffer.from(sealed, 'base64')), error: null };
  } catch (error) {
    // The keystore throws a plain Error for data of another user or system; its text may not travel.
    if (error instanceof Error) return { t: 'desktop-reply', id, value: null, error: 'secrets_locked' };
    throw error;
  }
}

function isProtected(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}
