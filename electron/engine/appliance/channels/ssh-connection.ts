import { connect as tcpConnect } from 'node:net';
import { Client, type ConnectConfig } from 'ssh2';
import type { SshLogin } from '#shared/contract/inventory';
import { EvenkeelError } from '#shared/errors';
import type { Where } from '../deadline';
import { networkFailure } from './failures';
import { checkHostKey, describeHostKey, type HostKey } from './host-key';

export interface SshEndpoint {
  readonly unit: string;
  readonly host: string;
  readonly port: number;
  readonly login: SshLogin;
  /** SHA-256 of the host key as OpenSSH prints it without the prefix; `null`: not confirmed yet, so no login. */
  readonly hostKeyPin: string | null;
  readonly connectTimeoutMs: number;
  readonly keepaliveMs: number;
}

export interface SshLink {
  readonly client: Client;
  readonly hostKey: HostKey;
  /** Set once the connection is gone. */
  lost(): EvenkeelError | null;
  /** What `send` writes leaves in one go: the packets of a large request cost one system call together. */
  batch(send: () => void): void;
}

function credentials(login: SshLogin): ConnectConfig {
  if (login.kind === 'password') return { username: login.username, password: login.password, tryKeyboard: true };
  const key: ConnectConfig = { username: login.username, privateKey: login.privateKey };
  return login.passphrase === null ? key : { ...key, passphrase: login.passphrase };
}

function connectFailure(error: unknown, where: Where): EvenkeelError {
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  const text = error instanceof Error ? error.message : '';
  if (level === 'client-authentication') {
    const advice = 'Check user, password or key; in the Secure mode only a key is accepted.';
    return new EvenkeelError('login_refused', { ...where, step: 'SSH login', advice });
  }
  if (level === 'client-timeout') return new EvenkeelError('connect_timeout', { ...where });
  if (/Cannot parse privateKey|passphrase|Encrypted private/i.test(text)) {
    const advice = 'The private key or its passphrase cannot be used. Give a key in OpenSSH or PEM form.';
    return new EvenkeelError('login_refused', { ...where, step: 'SSH login', advice });
  }
  return networkFailure(error, where);
}

/** AES-GCM first: by far the fastest on processors of the last decade; the rest is for old units. */
const ciphers = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'] as const;

/**
 * Connects and logs in. The host key is compared before anything about the login leaves this computer: the login
 * follows the key exchange, which fails on a key that is not the pinned one.
 */
export async function connectSsh(endpoint: SshEndpoint, signal: AbortSignal): Promise<SshLink> {
  const where: Where = { unit: endpoint.unit, step: 'SSH connection' };
  const client = new Client();
  const socket = tcpConnect({ host: endpoint.host, port: endpoint.port, noDelay: true });
  const batch = (send: () => void): void => {
    socket.cork();
    try {
      send();
    } finally {
      socket.uncork();
    }
  };
  let seen: HostKey | null = null;
  let keyError: EvenkeelError | null = null;
  let lost: EvenkeelError | null = null;
  return new Promise<SshLink>((resolve, reject) => {
    const fail = (error: EvenkeelError): void => {
      signal.removeEventListener('abort', onAbort);
      lost ??= error;
      client.destroy();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(networkFailure(signal.reason, where, 'aborted'));
    // Where the client has not taken the socket over, its failure still needs a listener.
    socket.on('error', (error) => fail(networkFailure(error, where)));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    client.on('ready', () => {
      signal.removeEventListener('abort', onAbort);
      resolve({ client, hostKey: seen ?? { algorithm: '', sha256: '' }, lost: () => lost, batch });
    });
    // Stays for the whole life of the connection: later errors only mark the link as lost.
    client.on('error', (error) => fail(keyError ?? connectFailure(error, where)));
    client.on('close', () => fail(keyError ?? new EvenkeelError('link_cut', { ...where })));
    const { login } = endpoint;
    if (login.kind === 'password') {
      client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) =>
        answer(prompts.map((prompt) => (prompt.echo === true ? '' : login.password))),
      );
    }
    try {
      client.connect({
        ...credentials(login),
        sock: socket,
        readyTimeout: endpoint.connectTimeoutMs,
        keepaliveInterval: endpoint.keepaliveMs,
        keepaliveCountMax: 3,
        algorithms: { cipher: [...ciphers] },
        hostVerifier: (key: Buffer) => {
          seen = describeHostKey(key);
          keyError = checkHostKey(seen, endpoint.hostKeyPin, { ...where, step: 'SSH host key' });
          return keyError === null;
        },
      });
    } catch (error) {
      fail(connectFailure(error, where));
    }
  });
}
