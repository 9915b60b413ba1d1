import type { WindowsNetworkState } from '#shared/domain/windows/network-state';

/** What a Windows host of the lab is told when it starts, as JSON in its argument. */
export interface WindowsHostOrders {
  readonly computerName: string;
  readonly state: WindowsNetworkState;
  readonly username: string;
  /** PEM files. */
  readonly keyFile: string;
  readonly certificateFile: string;
  /** How many times faster than real time its own clock runs. */
  readonly speed: number;
}

/** From the lab. */
export type ToWindowsHost =
  | { readonly t: 'state'; readonly id: number }
  | { readonly t: 'set'; readonly id: number; readonly state: WindowsNetworkState };

/** To the lab. */
export type FromWindowsHost =
  { readonly t: 'ready' } | { readonly t: 'state'; readonly id: number; readonly state: WindowsNetworkState };
