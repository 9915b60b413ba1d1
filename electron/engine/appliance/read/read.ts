import { randomBytes } from 'node:crypto';
import type { ApplianceReading, ReadingGap } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import type { ApiChannel } from '../channels/api';
import type { Attempt, Channels } from '../channels/channels';
import type { SshChannel } from '../channels/ssh';
import type { WebuiChannel } from '../channels/webui';
import { parseConfigJson } from '../parsers/config';
import { parseNodeState } from '../parsers/heartbeat';
import { offeredVersion, parseMessages } from '../parsers/webui-messages';
import { assembleReading, configuredService, configuredState } from './assemble';
import { buildReadCommand } from './command';

const maxBytes = 16_000_000;

/**
 * Reads a unit: by SSH in one round trip, else by the API, else the little that the WebUI tells; the gaps say what is
 * missing then. A changed key or certificate is never passed over. The first channel's error is thrown when none answers.
 */
export async function readAppliance(channels: Channels, signal: AbortSignal): Promise<ApplianceReading> {
  const { ssh, api, webui, unit } = channels;
  const limitMs = Math.max(5_000, channels.giveUpMs);
  let first: EvenkeelError | null = null;
  const passed: ReadingGap[] = [];
  const ways: Attempt<ApplianceReading>[] = [];
  if (ssh) ways.push({ via: 'ssh', run: () => readBySsh(ssh, limitMs, signal) });
  if (api) ways.push({ via: 'api', run: () => readByApi(api, limitMs, signal) });
  if (webui) ways.push({ via: 'webui', run: () => readByWebui(webui, limitMs, signal) });
  for (const { via, run } of ways) {
    try {
      const reading = await run();
      return { ...reading, gaps: [...passed, ...reading.gaps] };
    } catch (error) {
      if (!(error instanceof EvenkeelError)) throw error;
      if (['aborted', 'host_key_changed', 'certificate_changed'].includes(error.code)) throw error;
      passed.push({ section: via, reason: error.message, code: error.code });
      first ??= error;
    }
  }
  throw first ?? new EvenkeelError('channel_unavailable', { unit, step: 'read', advice: 'Give this unit a login.' });
}

async function readBySsh(ssh: SshChannel, timeoutMs: number, signal: AbortSignal): Promise<ApplianceReading> {
  const nonce = randomBytes(12).toString('hex');
  await ssh.connect(signal); // so that its time does not count as the clock's difference
  const askedAt = Date.now();
  const result = await ssh.exec(buildReadCommand(nonce, ssh.username), { step: 'read', timeoutMs, maxBytes }, signal);
  try {
    return assembleReading(result.stdout, { nonce, askedAt, readAt: Date.now() });
  } catch (error) {
    throw error instanceof EvenkeelError ? error.with({ unit: ssh.endpoint.unit }) : error;
  }
}

async function readByApi(api: ApiChannel, timeoutMs: number, signal: AbortSignal): Promise<ApplianceReading> {
  const config = parseConfigJson(
    await api.call([{ action: 'list', function: 'dumpconfig' }], 'read', timeoutMs, signal),
  );
  const state = parseNodeState(await api.call([{ action: 'nodestatus' }], 'read', timeoutMs, signal));
  const missing = ['updateNotice', 'ipvs', 'haproxy', 'peers', ...(state ? [] : ['haState'])];
  return {
    ...emptyReading('api'),
    hostname: config.hostname,
    version: config.version,
    ha: {
      role: config.role,
      state,
      peerAddress: config.peerAddress,
      peerAlive: null,
      floatingAddresses: config.floatingAddresses,
    },
    services: config.services.map((service) => ({ ...configuredService(service), ...configuredState(service) })),
    pendingRestarts: config.pendingRestarts,
    gaps: missing.map((section) => ({ section, reason: 'not offered by the API' })),
  };
}

/** The overview page shows the version and notices [G]; its layout is not published, so little is taken from it [I]. */
async function readByWebui(webui: WebuiChannel, timeoutMs: number, signal: AbortSignal): Promise<ApplianceReading> {
  const page = await webui.page('/lbadmin/', 'read', timeoutMs, signal);
  const messages = parseMessages(page);
  const offered = offeredVersion(messages);
  const missing = ['config', 'ipvs', 'haproxy', 'haState', 'peers', 'haresources'];
  return {
    ...emptyReading('webui'),
    version: versionOnPage(page, offered),
    updateNotice: offered === null ? null : `Update ${offered} is now available for this appliance.`,
    gaps: missing.map((section) => ({ section, reason: 'needs SSH or the API' })),
  };
}

/** A version that the page names beside the word, other than the one on offer [I]. */
export function versionOnPage(page: string, offered: string | null): string | null {
  const text = page.replace(/<[^>]{0,2000}>/g, ' ');
  const found = [
    ...text.matchAll(
      /\b(?:version|release|enterprise|appliance|v)\W{0,20}v?(\d{1,2}\.\d{1,3}\.\d{1,3}(?:-\d{1,4})?)/gi,
    ),
  ];
  return found.map((match) => match[1] ?? '').find((version) => version !== offered) ?? null;
}

function emptyReading(via: ApplianceReading['via']): ApplianceReading {
  return {
    readAt: Date.now(),
    via,
    hostname: null,
    version: null,
    updateNotice: null,
    licence: null,
    clockOffsetSeconds: null,
    ha: { role: null, state: null, peerAddress: null, peerAlive: null, floatingAddresses: [] },
    services: [],
    pendingRestarts: [],
    gaps: [],
  };
}
