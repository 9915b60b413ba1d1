import { randomBytes } from 'node:crypto';
import { scriptFile } from '../script-files';
import type { ScriptShell } from '../script-link';
import {
  decodeCliXml,
  encodeCommand,
  POWERSHELL_BOOTSTRAP,
  WinrmError,
  type WinrmResult,
  type WinrmRunOptions,
} from '../winrm/index';
import { FrameReader } from './frames';
import type { LocalPowerShell } from './power-shell';
import { signOnError, signOnFailure, type SignOnFailure } from './sign-on-faults';

export interface SignOnTarget {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly connectTimeoutMs: number;
}

const outputLimit = 8 * 1024 * 1024;

/** Runs scripts on one server through a session of this computer's PowerShell. Throws `WinrmError` like the client. */
export class SignOnShell implements ScriptShell {
  constructor(
    private readonly powerShell: LocalPowerShell,
    private readonly target: SignOnTarget,
  ) {}

  async run(command: { readonly powershell: string }, options: WinrmRunOptions): Promise<WinrmResult> {
    const call = randomBytes(8).toString('hex');
    const seen: Seen = { stdout: '', stderr: '', exitCode: null, failure: null, sinking: Promise.resolve() };
    const frames = new FrameReader(call, ({ kind, text }) => {
      if (kind === 'O') takeOutput(seen, `${text}\n`, options);
      else if (kind === 'E') seen.stderr = `${seen.stderr}${text}\n`.slice(0, outputLimit);
      else if (kind === 'X') seen.exitCode = Number(text);
      else seen.failure = signOnFailure.parse(JSON.parse(text));
    });
    let broken: unknown = null;
    const given = new AbortController();
    const deadline = setTimeout(() => given.abort(late(options.deadlineMs)), options.deadlineMs);
    const aborted = (): void => given.abort(new WinrmError('aborted', 'The operation was cancelled.'));
    if (options.signal.aborted) aborted();
    options.signal.addEventListener('abort', aborted, { once: true });
    const take = (text: string): void => {
      try {
        frames.write(text);
      } catch (error) {
        // Output that is not ours to read ends the call; it must not end the stream's own loop.
        broken ??= error;
        given.abort(error);
      }
    };
    try {
      await this.powerShell.invoke(this.line(call, command.powershell), take, given.signal);
    } catch (error) {
      throw given.signal.aborted ? remains(given.signal.reason) : error;
    } finally {
      clearTimeout(deadline);
      options.signal.removeEventListener('abort', aborted);
    }
    await seen.sinking;
    if (broken !== null) throw remains(broken);
    if (seen.failure !== null) throw signOnError(seen.failure);
    if (seen.exitCode === null)
      throw new WinrmError('link-cut', 'PowerShell on this computer said nothing at the end.');
    return { stdout: seen.stdout, stderr: decodeCliXml(seen.stderr), exitCode: seen.exitCode };
  }

  /** One line, because standard input is read like a console: Base64 only, nothing that could be taken for code. */
  private line(call: string, script: string): string {
    const { host, port, scheme, connectTimeoutMs } = this.target;
    const request = {
      ...{ call, host, port, ssl: scheme === 'https', openTimeoutMs: connectTimeoutMs },
      bootstrap: encodeCommand(POWERSHELL_BOOTSTRAP),
      script: base64(script),
    };
    const block = `([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(scriptFile('local/sign-on'))}'))))`;
    return `& ${block} -Data '${base64(JSON.stringify(request))}'`;
  }
}

interface Seen {
  stdout: string;
  stderr: string;
  exitCode: number | null;
  failure: SignOnFailure | null;
  sinking: Promise<void>;
}

function takeOutput(seen: Seen, text: string, options: WinrmRunOptions): void {
  if (options.onStdout !== undefined) {
    const taken = options.onStdout(text);
    // PowerShell's output cannot be held back: a sink that takes its time is waited for at the end.
    if (taken instanceof Promise) {
      seen.sinking = seen.sinking.then(() => taken);
      seen.sinking.catch(() => undefined);
    }
    return;
  }
  if (seen.stdout.length + text.length > (options.outputLimit ?? outputLimit)) {
    throw new WinrmError('output-limit', 'The output is larger than what is kept.');
  }
  seen.stdout += text;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function late(deadlineMs: number): WinrmError {
  const seconds = String(Math.ceil(deadlineMs / 1000));
  return new WinrmError('timeout', `The script did not end within ${seconds} s; the session was given up.`);
}

/** A killed session ends on the server by its own idle timeout; the script may go on until then. */
function remains(error: unknown): unknown {
  return error instanceof WinrmError ? error.withShellMayRemain(true) : error;
}
