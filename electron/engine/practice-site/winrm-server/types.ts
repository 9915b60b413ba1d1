/** An account of the practice host. Names are compared without case. */
export interface WinrmAccount {
  readonly username: string;
  readonly password: string;
  /** Empty for an account of the computer itself. */
  readonly domain: string;
  /** Default true. Others log in, but may not open a shell, as on real hosts. */
  readonly administrator?: boolean | undefined;
}

/** What a client asked to run. */
export interface ExecuteRequest {
  readonly kind: 'cmd' | 'powershell';
  /** As received, arguments appended. */
  readonly commandLine: string;
  /** For PowerShell: the script itself, from standard input or from `-EncodedCommand`. */
  readonly script?: string | undefined;
  /** Standard input without the script; complete when the command starts. */
  readonly stdin: Buffer;
  /** Standard input as it comes, where the server was told that the command reads it so; `stdin` is empty then. */
  readonly input?: AsyncIterable<Buffer> | undefined;
  readonly user: { readonly username: string; readonly domain: string };
  /** Aborts when the client ends the command, deletes the shell, or the server closes. */
  readonly signal: AbortSignal;
}

export type ExecuteOutput =
  { readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array | string } | { readonly exitCode: number };

/** The behaviour of the machine: yields output, last the exit code. */
export type ExecuteCommand = (request: ExecuteRequest) => AsyncIterable<ExecuteOutput>;

/** Faults that can be set and cleared while the server runs: change the properties of the object that was handed over. */
export interface WinrmFaults {
  /** New connections are reset and nothing is answered. */
  refuse?: boolean;
  /** Every reply waits this long. */
  delayMs?: number;
  /** Connections are reset after this many bytes of reply bodies, counted per connection. */
  cutAtByte?: number;
  /** Every login is refused. */
  wrongCredentials?: boolean;
  /** Every login is refused with the number of a locked account. */
  accountLocked?: boolean;
  /** Every account has a filtered token: it logs in, but may not open a shell. */
  filteredToken?: boolean;
  /** Shells allowed for each user; 30 by default. */
  quotaShells?: number;
}

/** What a client did, for tests and for the practice site's own view. */
export interface WinrmOperation {
  readonly operation:
    'login' | 'login-refused' | 'create' | 'command' | 'send' | 'receive' | 'signal' | 'delete' | 'identify';
  readonly user: string;
  readonly encrypted: boolean;
}

export interface WinrmServerOptions {
  readonly host: string;
  /** Port 0 picks a free one. */
  readonly http?: { readonly port: number } | undefined;
  readonly https?: { readonly port: number; readonly key: string; readonly cert: string } | undefined;
  readonly accounts: readonly WinrmAccount[];
  readonly computerName: string;
  readonly execute: ExecuteCommand;
  readonly faults?: WinrmFaults | undefined;
  /** `strict` refuses HTTPS logins without channel binding. Default `relaxed`, as on real hosts. */
  readonly channelBinding?: 'relaxed' | 'strict' | undefined;
  /** Commands that begin before their input is complete and read it from `input`. Default none. */
  readonly readsAsItComes?: ((commandLine: string) => boolean) | undefined;
  /** Default 180 000. */
  readonly idleShellMs?: number | undefined;
  readonly onOperation?: ((operation: WinrmOperation) => void) | undefined;
}

export interface WinrmServer {
  readonly httpPort: number | undefined;
  readonly httpsPort: number | undefined;
  /** Shells open now. */
  readonly openShells: () => number;
  /** TCP connections open now. */
  readonly connections: () => number;
  /** Ends every command, closes every connection. */
  readonly close: () => Promise<void>;
}
