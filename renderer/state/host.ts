import type { Port } from '#shared/contract/messages';

/** What the desktop's preload hands to the window. A browser has none of it. */
export interface EvenkeelHost {
  connect(): Promise<Port>;
  /** The path of a file that was dropped or chosen. */
  pathForFile(file: File): string;
}

declare global {
  interface Window {
    readonly evenkeelHost?: EvenkeelHost;
  }
}

/** How the window reaches the engine: one port a connection. */
export interface Transport {
  connect(signal: AbortSignal): Promise<Port>;
}

export class HostTransport implements Transport {
  constructor(private readonly host: EvenkeelHost) {}

  async connect(): Promise<Port> {
    return this.host.connect();
  }
}
