import { EvenkeelError } from '#shared/errors';
import type { Desktop, Keystore } from '../desktop/index';
import type { DesktopReply, DesktopRequest } from './messages';

const deadlineMs = 10_000;

interface Waiting {
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** The desktop as the engine process sees it: each question goes to main and comes back under its id. */
export class RemoteDesktop implements Desktop {
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  // Main answers at once whether the keystore can be used; until then it counts as unavailable.
  private known: 'ready' | 'unavailable' = 'unavailable';

  constructor(private readonly post: (message: DesktopRequest) => void) {
    void this.ask((id) => ({ t: 'keystore-state', id })).then(
      () => {
        this.known = 'ready';
      },
      () => {
        this.known = 'unavailable';
      },
    );
  }

  readonly keystore: Keystore = {
    state: () => this.known,
    unlock: () => Promise.reject(new EvenkeelError('secrets_unavailable')),
    encrypt: async (clear) => Buffer.from(await this.ask((id) => ({ t: 'encrypt', id, clear })), 'base64'),
    decrypt: (sealed) => this.ask((id) => ({ t: 'decrypt', id, sealed: Buffer.from(sealed).toString('base64') })),
  };

  notify(note: { readonly title: string; readonly body: string }): void {
    this.post({ t: 'notify', ...note });
  }

  take(reply: DesktopReply): void {
    const waiting = this.waiting.get(reply.id);
    if (waiting === undefined) return;
    this.waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (reply.error === null) waiting.resolve(reply.value ?? '');
    else waiting.reject(new EvenkeelError(reply.error));
  }

  private ask(make: (id: number) => DesktopRequest): Promise<string> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new EvenkeelError('secrets_unavailable', { step: 'keystore', advice: 'Restart Evenkeel.' }));
      }, deadlineMs);
      this.waiting.set(id, { resolve, reject, timer });
      this.post(make(id));
    });
  }
}
