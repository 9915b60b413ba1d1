import type { ApplianceTarget, ProbeLine } from '#shared/contract/inventory';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import { closeChannels, openChannels, type Channels } from '../channels/channels';
import { readAppliance } from '../read/read';
import { showReading, versionLine } from './found';
import { ProbeLines } from './lines';
import { probeOthers } from './others-track';
import { probeSsh } from './ssh-track';
import { emitted } from './stream';
import { probeWebui } from './webui-track';

/**
 * Tries every channel of an appliance and yields each line as it changes, by key; only reads. First every line as
 * `waiting`, then what happens; it ends when nothing more can be found out with the pins and logins given. Nothing
 * secret is sent to a host whose key or certificate is not pinned. A signal ends it early; failures are lines.
 */
export async function* probeAppliance(target: ApplianceTarget, signal: AbortSignal): AsyncGenerator<ProbeLine> {
  const own = new AbortController();
  const stop = (): void => own.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    yield* emitted<ProbeLine>((emit) => runProbe(target, new ProbeLines(emit), own.signal), stop);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function runProbe(target: ApplianceTarget, lines: ProbeLines, signal: AbortSignal): Promise<void> {
  const channels = openChannels({ ...target, id: 'probe', name: target.host });
  try {
    lines.begin();
    const [reading, overview, api] = await Promise.all([
      probeSsh(target, channels, lines, signal),
      probeWebui(target, channels, lines, signal),
      probeOthers(target, channels, lines, signal),
    ]);
    const told = reading ?? (api ? await readByApiOnly(channels, signal) : null);
    if (told) showReading(lines, told);
    else if (overview) {
      lines.set('webui.identity', { state: 'unknown', text: 'needs SSH or the API' });
      if (overview.version !== null) lines.set('webui.version', versionLine(overview));
      else lines.set('webui.version', { state: 'unknown', text: 'not found on the overview page' });
    }
  } finally {
    await closeChannels(channels);
  }
}

/** The API accepted the login a moment ago; if it does not tell more now, the lines keep what the WebUI told. */
async function readByApiOnly(channels: Channels, signal: AbortSignal): Promise<ApplianceReading | null> {
  try {
    return await readAppliance({ ...channels, ssh: null, webui: null }, signal);
  } catch (error) {
    if (error instanceof EvenkeelError) return null;
    throw error;
  }
}
