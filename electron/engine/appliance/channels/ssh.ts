import type { ClientChannel, SFTPWrapper } from 'ssh2';
import { EvenkeelError } from '#shared/errors';
import { untilAborted, withDeadline, type Where } from '../deadline';
import { networkFailure } from './failures';
import { connectSsh, type SshEndpoint, type SshLink } from './ssh-connection';

export interface ExecOptions {
  readonly step: string;
  readonly timeoutMs: number;
  /** Of both outputs together; more is `too_large`. */
  readonly maxBytes: number;
  readonly stdin?: string;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` when the unit ended the command by a signal or told nothing. */
  readonly exitCode: number | null;
}

const idleMs = 60_000;
const maxAtOnce = 16;

/** SSH to one unit: one connection, made on demand, reused over polls, closed when idle, remade after a cut. */
export class SshChannel {
  private link: Promise<SshLink> | null = null;
  private idle: NodeJS.Timeout | null = null;
  private busy = 0;
  private closed = false;

  constructor(readonly endpoint: SshEndpoint) {}

  get username(): string {
    return this.endpoint.login.username;
  }

  /** Runs one command line in the unit's shell. The exit status is reported, not judged. */
  async exec(commandLine: string, options: ExecOptions, signal: AbortSignal): Promise<ExecResult> {
    const where = this.where(options.step);
    return this.use(where, signal, async (link) =>
      withDeadline(signal, options.timeoutMs, where, (inner) => runCommand(link, commandLine, options, where, inner)),
    );
  }

  /** Opens an SFTP session for `work` and ends it afterwards. `work` must heed the signal. */
  async sftp<T>(
    step: string,
    signal: AbortSignal,
    work: (session: SFTPWrapper, link: SshLink) => Promise<T>,
  ): Promise<T> {
    const where = this.where(step);
    return this.use(where, signal, async (link) => {
      const session = await withDeadline(signal, this.endpoint.connectTimeoutMs, where, () => openSftp(link, where));
      try {
        return await untilAborted(work(session, link), signal, () => link.client.destroy());
      } finally {
        session.end();
      }
    });
  }

  /** Connects if need be; the answer is the time it took in milliseconds and the key seen. */
  async connect(signal: AbortSignal): Promise<SshLink> {
    return this.use(this.where('SSH connection'), signal, (link) => Promise.resolve(link));
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.idle) clearTimeout(this.idle);
    const link = this.link;
    this.link = null;
    await link?.then(
      ({ client }) => void client.destroy(),
      () => undefined, // a connection that failed needs no closing
    );
  }

  private where(step: string): Where {
    return { unit: this.endpoint.unit, step };
  }

  private async use<T>(where: Where, signal: AbortSignal, work: (link: SshLink) => Promise<T>): Promise<T> {
    if (this.closed) throw new EvenkeelError('aborted', { ...where });
    if (this.busy >= maxAtOnce) throw new EvenkeelError('overloaded', { ...where });
    this.busy += 1;
    if (this.idle) clearTimeout(this.idle);
    try {
      const link = await this.current(signal);
      try {
        return await work(link);
      } catch (error) {
        const lost = link.lost();
        throw networkFailure(lost && !(error instanceof EvenkeelError) ? lost.with({ ...where }) : error, where);
      } finally {
        // A connection on which nothing came back in time is not trusted with the next call.
        if (link.lost()) this.link = null;
      }
    } catch (error) {
      if (error instanceof EvenkeelError && error.code === 'connect_timeout') this.drop();
      throw networkFailure(error, where);
    } finally {
      this.busy -= 1;
      if (this.busy === 0 && this.link) this.startIdle();
    }
  }

  private async current(signal: AbortSignal): Promise<SshLink> {
    const kept = await this.link?.catch(() => null);
    if (kept && !kept.lost()) return kept;
    // The connection is shared: one caller that goes away does not take it from the others.
    const { connectTimeoutMs, unit } = this.endpoint;
    const own = new AbortController();
    const made = withDeadline(own.signal, connectTimeoutMs + 500, { unit, step: 'SSH connection' }, (inner) =>
      connectSsh(this.endpoint, inner),
    );
    this.link = made;
    made.catch(() => {
      if (this.link === made) this.link = null;
    });
    return untilAborted(made, signal);
  }

  private drop(): void {
    const link = this.link;
    this.link = null;
    link?.then(
      ({ client }) => void client.destroy(),
      () => undefined, // never came up
    );
  }

  private startIdle(): void {
    this.idle = setTimeout(() => this.drop(), idleMs);
    this.idle.unref();
  }
}

async function openSftp(link: SshLink, where: Where): Promise<SFTPWrapper> {
  return new Promise<SFTPWrapper>((resolve, reject) => {
    const lost = (): void => reject(new EvenkeelError('link_cut', { ...where }));
    link.client.once('close', lost);
    link.client.sftp((error, session) => {
      link.client.off('close', lost);
      if (error) reject(new EvenkeelError('channel_unavailable', { ...where, advice: 'The unit offers no SFTP.' }));
      else resolve(session);
    });
  });
}

async function runCommand(
  link: SshLink,
  commandLine: string,
  options: ExecOptions,
  where: Where,
  signal: AbortSignal,
): Promise<ExecResult> {
  return new Promise<ExecResult>((resolve, reject) => {
    let channel: ClientChannel | null = null;
    const finish = (settle: () => void): void => {
      link.client.off('close', onLost);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const fail = (error: Error): void => finish(() => reject(error));
    const onLost = (): void => fail(new EvenkeelError('link_cut', { ...where }));
    const onAbort = (): void => {
      channel?.destroy();
      fail(networkFailure(signal.reason, where, 'aborted'));
    };
    link.client.once('close', onLost);
    signal.addEventListener('abort', onAbort, { once: true });
    link.client.exec(commandLine, (error, stream) => {
      if (error) {
        const advice = 'The unit refused to run a command for this account.';
        return fail(link.lost()?.with({ ...where }) ?? new EvenkeelError('permission_denied', { ...where, advice }));
      }
      if (signal.aborted) return void stream.destroy();
      channel = stream;
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      let bytes = 0;
      let exit: { readonly code: number | null } | null = null;
      const take = (into: Buffer[]) => (chunk: Buffer) => {
        bytes += chunk.length;
        into.push(chunk);
        if (bytes <= options.maxBytes) return;
        stream.destroy();
        fail(new EvenkeelError('too_large', { ...where, limitBytes: options.maxBytes }));
      };
      stream.on('data', take(out));
      stream.stderr.on('data', take(err));
      stream.on('error', (streamError: Error) => fail(networkFailure(streamError, where)));
      stream.on('exit', (code: number | null) => {
        exit = { code };
      });
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      const done = (): void => {
        if (!exit && link.lost()) return onLost();
        finish(() => resolve({ stdout: text(out), stderr: text(err), exitCode: exit?.code ?? null }));
      };
      // Without an exit status the link may just be going: look once its close has been seen.
      stream.on('close', () => (exit ? done() : setImmediate(done)));
      stream.end(options.stdin ?? '');
    });
  });
}
