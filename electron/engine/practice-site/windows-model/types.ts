import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { OperationName, WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { DeadMan } from './dead-man';

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
  /** Ends with exactly one `exitCode`. Throws only when the signal is aborted or the power goes. */
  execute(request: ExecuteRequest): AsyncIterable<ExecuteOutput>;
  /** What the scheduled tasks do that are due now. They also come by themselves, at their time and at power on. */
  fireDue(): Promise<void>;
  /** Ends every command where it stands; no scheduled task runs until the power is back. */
  powerOff(): void;
  powerOn(): void;
}

/** Faults that can be asked for; each is read anew for every operation. */
export interface WindowsFaults {
  /** Addresses that another host holds: duplicate address detection finds them where it is on. */
  readonly takenElsewhere?: readonly string[] | undefined;
  /** Addresses that become `Duplicate` when they are set, whatever the detection is set to; `any`: all of them. */
  readonly conflicts?: readonly string[] | 'any' | undefined;
  /** The operation of this name fails with this text; `any`: each that sets something. */
  readonly failOperation?: { readonly operation: string; readonly message: string } | undefined;
  /** The operation of this name never ends; `any`: each that sets something. */
  readonly hangOperation?: string | undefined;
  /** PowerShell runs in Constrained Language mode: no script of ours begins. */
  readonly constrainedLanguage?: boolean | undefined;
  /** A protection program lets nothing be compiled. */
  readonly addTypeBlocked?: boolean | undefined;
  /** The driver never answers; the script's watchdog gives up. */
  readonly installHangs?: boolean | undefined;
}

export interface WindowsExecutorParts {
  readonly read: () => WindowsNetworkState;
  readonly write: (next: WindowsNetworkState) => void;
  readonly clock: {
    wait(seconds: number, signal: AbortSignal): Promise<void>;
    /** How many times faster than real time; 1 when left out. */
    readonly speed?: number;
  };
  readonly faults: () => WindowsFaults;
  /** Where armed and fired dead-men are kept; in memory when left out. */
  readonly deadMen?: { read(): readonly DeadMan[]; write(next: readonly DeadMan[]): void } | undefined;
  /** Milliseconds since 1970; this computer's clock when left out. */
  readonly now?: (() => number) | undefined;
  /** Called when an operation begins, before it does anything. */
  readonly onBegin?: ((operation: WindowsOperation) => void) | undefined;
}

/** Practice seconds of each operation. */
export type OperationSeconds = Readonly<Record<OperationName, number>>;
