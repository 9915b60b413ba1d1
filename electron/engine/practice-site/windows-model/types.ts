import type { WindowsNetworkState } from '#shared/domain/windows/network-state';

/** What a WinRM server hands over once it has taken the request apart. */
export interface ExecuteRequest {
  readonly kind: 'cmd' | 'powershell';
  /** As the client gave it, arguments included. */
  readonly commandLine: string;
  /** The PowerShell text to run: of `-EncodedCommand`, of `-Command`, or delivered on standard input. */
  readonly script?: string | undefined;
  /** Standard input without the script. */
  readonly stdin: string;
  /** The account's name. */
  readonly user: string;
  readonly signal: AbortSignal;
}

export type ExecuteOutput =
  { readonly stream: 'stdout' | 'stderr'; readonly data: string } | { readonly exitCode: number };

export interface WindowsExecutor {
  /** Ends with exactly one `exitCode`. Throws only when the signal is aborted. */
  execute(request: ExecuteRequest): AsyncIterable<ExecuteOutput>;
}

/** Faults that can be asked for; each is read anew for every request. */
export interface WindowsFaults {
  /** Addresses that another host holds: duplicate address detection finds them where it is on. */
  readonly takenElsewhere?: readonly string[] | undefined;
  /** The operation of this name fails with this text. */
  readonly failOperation?: { readonly operation: string; readonly message: string } | undefined;
  /** The operation of this name never ends. */
  readonly hangOperation?: string | undefined;
}

export interface WindowsExecutorParts {
  readonly read: () => WindowsNetworkState;
  readonly write: (next: WindowsNetworkState) => void;
  readonly clock: { wait(seconds: number, signal: AbortSignal): Promise<void> };
  readonly faults: () => WindowsFaults;
}
