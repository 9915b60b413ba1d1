export type WinrmAuth =
  | {
      readonly kind: 'ntlm';
      readonly username: string;
      readonly password: string;
      /** Empty for an account of the host itself. */
      readonly domain: string;
    }
  /** Refused over plain HTTP. */
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

export interface WinrmTarget {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Default `/wsman`. */
  readonly path?: string | undefined;
  readonly auth: WinrmAuth;
  /** HTTPS needs one of both. `pinnedSha256` is hex of the DER certificate (colons and case do not matter). */
  readonly tls?: { readonly pinnedSha256?: string | undefined; readonly ca?: string | undefined } | undefined;
  /** Name resolution, TCP and TLS together. Default 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long the host may hold one request. Default 20. */
  readonly operationTimeoutSeconds?: number | undefined;
}

/** What to run in a shell. A command line goes through cmd.exe, at most 8191 characters; a script has no such limit. */
export type WinrmCommand =
  { readonly commandLine: string; readonly args?: readonly string[] | undefined } | { readonly powershell: string };

export interface WinrmRunOptions {
  /** Standard input, sent in full before output is read. For a script: the lines of its `$input`. */
  readonly input?: AsyncIterable<Uint8Array> | string | undefined;
  /** Called with text as it arrives, whole characters only. */
  readonly onStdout?: ((text: string) => void) | undefined;
  readonly onStderr?: ((text: string) => void) | undefined;
  /**
   * Most characters kept of each stream in the result, default 8 388 608; more is an `output-limit` error, unless the
   * stream has a callback: then nothing is kept beyond the limit and all of it is handed to the callback.
   */
  readonly outputLimit?: number | undefined;
  readonly signal: AbortSignal;
  /** The whole run, in milliseconds. */
  readonly deadlineMs: number;
}

export interface WinrmResult {
  readonly stdout: string;
  /** CLIXML of PowerShell decoded to text. */
  readonly stderr: string;
  readonly exitCode: number;
}

export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
export const DEFAULT_OPERATION_TIMEOUT_SECONDS = 20;
