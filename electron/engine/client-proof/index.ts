import { dialNetwork, open } from './connect';
import { proveDicom } from './dicom/echo';
import { proveHttp } from './http';
import { failed } from './outcomes';
import { proveTcp } from './tcp';
import { usualLimits, type ClientSeen, type ClientTarget, type Dial, type Limits } from './types';

export { dialNetwork } from './connect';
export { serveEcho } from './dicom/echo-server';
export { usualLimits } from './types';
export type { ClientSeen, ClientTarget, Dial, Limits, ShownCertificate, Titles } from './types';

export interface ProveOptions {
  readonly dial?: Dial;
  readonly limits?: Limits;
}

/**
 * Asks one port as a client would, and tells what it saw. Ends by its own deadlines whatever the peer does, and never
 * throws for it; rejects only with the signal's reason.
 */
export async function proveClient(
  target: ClientTarget,
  signal: AbortSignal,
  { dial = dialNetwork, limits = usualLimits }: ProveOptions = {},
): Promise<ClientSeen> {
  const opened = await open(dial, target.address, target.port, limits.connectMs, signal);
  if (!opened.open) return failed(opened.outcome, opened.detail);
  switch (target.probe) {
    case 'tcp':
      return proveTcp(opened);
    case 'http':
    case 'https':
      return proveHttp(opened, target, limits.answerMs, signal);
    case 'dicom':
      return proveDicom(opened, target.titles, limits.answerMs, signal);
  }
}
