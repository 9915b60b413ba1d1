import type { Opened } from './connect';
import type { ClientSeen } from './types';

/** A connection that stands is all there is to see. */
export function proveTcp(opened: Opened & { readonly open: true }): ClientSeen {
  opened.socket.destroy();
  return { outcome: 'ok', word: 'connected', ms: opened.ms, certificate: null, detail: null };
}
