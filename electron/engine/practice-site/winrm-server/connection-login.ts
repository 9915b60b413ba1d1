import type { IncomingMessage } from 'node:http';
import { WinrmError, wire } from '#engine/windows/winrm/index';
import { NtlmAcceptor } from './ntlm-acceptor';
import { ownerName } from './operations';
import type { WinrmAccount, WinrmServerOptions } from './types';

/** What a request may do after its Authorization header was looked at. */
export type LoginOutcome =
  | { readonly kind: 'in'; readonly account: WinrmAccount; readonly session: wire.ntlm.NtlmSession | undefined }
  /** Answer 401 with these WWW-Authenticate values. */
  | { readonly kind: 'challenge'; readonly headers: readonly string[]; readonly locked?: boolean };

interface Current {
  readonly account: WinrmAccount;
  readonly session: wire.ntlm.NtlmSession;
}

/** The login state of one connection: NTLM authenticates the connection, Basic each request. */
export class ConnectionLogin {
  readonly #options: WinrmServerOptions;
  readonly #certificate: Buffer | undefined;
  #acceptor: NtlmAcceptor | undefined;
  #current: Current | undefined;

  /** `certificate` is the host's own DER certificate on HTTPS. */
  constructor(options: WinrmServerOptions, certificate: Buffer | undefined) {
    this.#options = options;
    this.#certificate = certificate;
  }

  check(request: IncomingMessage): LoginOutcome {
    const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
    switch (scheme.toLowerCase()) {
      case 'negotiate':
      case 'ntlm':
        return this.#ntlm(scheme, Buffer.from(token, 'base64'));
      case 'basic':
        return this.#basic(Buffer.from(token, 'base64').toString('utf8'));
      default:
        return this.#current ? { kind: 'in', ...this.#current } : this.#offer();
    }
  }

  #offer(): Extract<LoginOutcome, { kind: 'challenge' }> {
    const headers = ['Negotiate', ...(this.#certificate ? ['Basic realm="WSMAN"'] : [])];
    return { kind: 'challenge', headers };
  }

  #refuse(): LoginOutcome {
    this.#current = undefined;
    this.#options.onOperation?.({ operation: 'login-refused', user: '', encrypted: false });
    return { ...this.#offer(), locked: this.#options.faults?.accountLocked === true };
  }

  /** Accounts that may log in now. */
  get #accounts(): readonly WinrmAccount[] {
    const { accounts, faults } = this.#options;
    return faults?.wrongCredentials === true || faults?.accountLocked === true ? [] : accounts;
  }

  #accept(account: WinrmAccount): void {
    this.#options.onOperation?.({ operation: 'login', user: ownerName(account), encrypted: false });
  }

  #basic(text: string): LoginOutcome {
    const colon = text.indexOf(':');
    const [username, password] = [text.slice(0, colon), text.slice(colon + 1)];
    const account = this.#accounts.find(
      (known) => known.username.toUpperCase() === username.toUpperCase() && known.password === password,
    );
    if (!this.#certificate || !account) return this.#refuse();
    return { kind: 'in', account, session: undefined };
  }

  #ntlm(scheme: string, message: Buffer): LoginOutcome {
    try {
      if (message.length > 12 && message.readUInt32LE(8) === 1) {
        this.#acceptor = new NtlmAcceptor({
          computerName: this.#options.computerName,
          accounts: this.#accounts,
          channelBinding: this.#certificate && wire.channelBindingHash(this.#certificate),
          strict: this.#options.channelBinding === 'strict',
        });
        return { kind: 'challenge', headers: [`${scheme} ${this.#acceptor.challenge(message).toString('base64')}`] };
      }
      const accepted = this.#acceptor?.accept(message);
      this.#acceptor = undefined;
      if (!accepted) return this.#refuse();
      this.#current = accepted;
      this.#accept(accepted.account);
      return { kind: 'in', ...accepted };
    } catch (error) {
      if (error instanceof WinrmError) return this.#refuse();
      throw error;
    }
  }
}
