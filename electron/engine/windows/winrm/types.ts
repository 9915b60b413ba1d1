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
  /** A connection that nothing used for this long is closed; the next call logs in anew. Default 100. */
  readonly idleSeconds?: number | undefined;
}

/** What to run in a shell. A command line goes through cmd.exe, at most 8191 characters; a script has no such limit. */
export type WinrmCommand =
  { readonly commandLine: string; readonly args?: readonly string[] | undefined } | { readonly powershell: string };

/** Takes text as it arrives, whole characters only. While it keeps the caller waiting, no more output is fetched. */
export type TextSink = (text: string) => void | Promise<void>;

export interface WinrmRunOptions {
  /** Standard input. A command's output is read while its input is sent. For a script: the lines of its `$input`. */
  readonly input?: AsyncIterable<Uint8Array> | string | undefined;
  /** What is handed to a sink is not kept: the result has an empty text for that stream. */
  readonly onStdout?: TextSink | undefined;
  /** CLIXML is handed over as it comes. */
  readonly onStderr?: TextSink | undefined;
  /** Most characters kept of each stream without a sink, default 8 388 608; more is an `output-limit` error. */
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

export interface WinrmTransferOptions {
  readonly signal: AbortSignal;
  /** The whole transfer, in milliseconds. */
  readonly deadlineMs: number;
}

/** A file that arrived; the host computed the same digest. */
export interface WinrmTransfer {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
export const DEFAULT_OPERATION_TIMEOUT_SECONDS = 20;
/** http.sys closes connections after 120 idle seconds: this side is first, so that no call meets the closing. */
export const DEFAULT_IDLE_SECONDS = 100;
