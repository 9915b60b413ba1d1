import type { Port } from '#shared/contract/messages';
import { EvenkeelError } from '#shared/errors';
import type { Transport } from './host';

const tokenKey = 'evenkeel-token';
/** The web host closes so when the token is missing or wrong. */
const refused = 4401;

/** Takes the token from the address, so that it is neither linked nor left in the history, and keeps it for this tab. */
export function takeToken(window: Window): string | null {
  const match = /^#token=([^&]+)/.exec(window.location.hash);
  const given = match?.[1];
  if (given !== undefined) {
    window.sessionStorage.setItem(tokenKey, decodeURIComponent(given));
    window.history.replaceState(null, '', '#/overview');
  }
  return window.sessionStorage.getItem(tokenKey);
}

/** Connects to the web host that served this page. The first message carries the token. */
export class WebSocketTransport implements Transport {
  constructor(
    private readonly url: string,
    private readonly token: string | null,
  ) {}

  connect(signal: AbortSignal): Promise<Port> {
    return new Promise((resolve, reject) => {
      if (this.token === null) return reject(new EvenkeelError('not_authorised'));
      const socket = new WebSocket(this.url);
      const give = (): void => socket.close();
      signal.addEventListener('abort', give, { once: true });
      socket.addEventListener('open', () => socket.send(JSON.stringify({ t: 'hello', token: this.token })));
      // The first message is the host's welcome: only then is the token known to be right.
      socket.addEventListener('message', () => resolve(new WebSocketPort(socket)), { once: true });
      socket.addEventListener('close', (event) => {
        signal.removeEventListener('abort', give);
        reject(new EvenkeelError(event.code === refused ? 'not_authorised' : 'engine_lost'));
      });
    });
  }
}

class WebSocketPort implements Port {
  private readonly waiting: unknown[] = [];
  private listener: ((message: unknown) => void) | null = null;

  constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', (event) => this.take(event.data));
  }

  send(message: unknown): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.listener = listener;
    for (const message of this.waiting.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    if (this.socket.readyState === WebSocket.CLOSED) listener();
    else this.socket.addEventListener('close', listener);
  }

  close(): void {
    this.socket.close();
  }

  private take(data: unknown): void {
    if (typeof data !== 'string') return;
    const message: unknown = JSON.parse(data);
    if (this.listener === null) this.waiting.push(message);
    else this.listener(message);
  }
}
