import { withSignal } from './deadline';
import { WinrmError, answerLost } from './errors';
import { WinrmShell } from './shell';
import { createRequest, readShellId } from './shell-messages';
import type { WinrmResult, WinrmRunOptions, WinrmTarget } from './types';
import { WsmanClient, type Dial } from './wsman';

/** A host that has been logged in to. */
export class WinrmConnection {
  readonly #client: WsmanClient;
  readonly #shells = new Set<WinrmShell>();

  /** Made by `connect`. */
  constructor(client: WsmanClient) {
    this.#client = client;
  }

  /** Opens a shell on the host. Throws any `WinrmError`; one with `shellMayRemain` when the answer was lost. */
  async shell(options: { readonly signal: AbortSignal }): Promise<WinrmShell> {
    try {
      const id = readShellId(await this.#client.call(createRequest(), options.signal));
      const shell = new WinrmShell(this.#client, id, () => this.#shells.delete(shell));
      this.#shells.add(shell);
      return shell;
    } catch (error) {
      throw answerLost(error) ? error.withShellMayRemain(true) : error;
    }
  }

  /** Closes every shell, then the connection. Never throws: `may-remain` when a shell could not be closed. */
  async close(): Promise<'closed' | 'may-remain'> {
    const ends = await Promise.all([...this.#shells].map((shell) => shell.close()));
    this.#client.close();
    return ends.includes('may-remain') ? 'may-remain' : 'closed';
  }
}

export interface WinrmConnectOptions {
  readonly signal: AbortSignal;
  /** Another way to the host than a socket of its own, for example through a relay. It has to check the certificate. */
  readonly dial?: Dial | undefined;
}

/** Connects to a host and logs in. Throws any `WinrmError`. */
export async function connect(target: WinrmTarget, options: WinrmConnectOptions): Promise<WinrmConnection> {
  const client = new WsmanClient(target, options.dial);
  try {
    await client.open(options.signal);
    return new WinrmConnection(client);
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * Connects, runs one PowerShell script and closes everything again; `deadlineMs` covers all of it. Throws any
 * `WinrmError`; `shellMayRemain` says that the host could not be told to close the shell.
 */
export function runPowerShell(
  target: WinrmTarget,
  script: string,
  options: WinrmRunOptions,
): Promise<WinrmResult & { readonly shellMayRemain: boolean }> {
  const late = `The script did not end within ${String(Math.ceil(options.deadlineMs / 1000))} s and was stopped.`;
  return withSignal({ signal: options.signal, timeoutMs: options.deadlineMs, late }, async (signal) => {
    const connection = await connect(target, { signal });
    let shell: WinrmShell | undefined;
    try {
      shell = await connection.shell({ signal });
      const result = await shell.run({ powershell: script }, { ...options, signal });
      return { ...result, shellMayRemain: (await connection.close()) === 'may-remain' };
    } catch (error) {
      const end = await connection.close();
      // A shell whose identifier never arrived cannot be closed, so what was said of it stands.
      throw shell !== undefined && error instanceof WinrmError ? error.withShellMayRemain(end === 'may-remain') : error;
    }
  });
}
