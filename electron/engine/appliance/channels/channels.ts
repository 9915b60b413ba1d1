import { EvenkeelError } from '#shared/errors';
import type { ApplianceAccess, ChannelName } from '../types';
import { ApiChannel } from './api';
import type { HttpsEndpoint } from './pinned-agent';
import { SshChannel } from './ssh';
import { WebuiChannel } from './webui';

/** The channels of one unit for which there are credentials. */
export interface Channels {
  readonly unit: string;
  /** For commands and readings. */
  readonly ssh: SshChannel | null;
  /** A connection of its own for files, so that a long upload does not slow the readings. */
  readonly files: SshChannel | null;
  readonly api: ApiChannel | null;
  readonly webui: WebuiChannel | null;
  readonly giveUpMs: number;
}

export function openChannels(access: ApplianceAccess): Channels {
  const giveUpMs = access.giveUpSeconds * 1_000;
  const { ssh, sshPort, pins } = access;
  const makeSsh = (): SshChannel | null =>
    ssh === null || sshPort === null
      ? null
      : new SshChannel({
          unit: access.name,
          host: access.host,
          port: sshPort,
          login: ssh,
          hostKeyPin: pins.sshHostKey,
          connectTimeoutMs: giveUpMs,
          keepaliveMs: 5_000,
        });
  const https: HttpsEndpoint = {
    unit: access.name,
    host: access.host,
    port: access.webuiPort,
    certificatePin: pins.certificate,
    connectTimeoutMs: giveUpMs,
  };
  return {
    unit: access.name,
    ssh: makeSsh(),
    files: makeSsh(),
    api: access.api ? new ApiChannel(https, access.api) : null,
    webui: access.webui ? new WebuiChannel(https, access.webui, 'WebUI') : null,
    giveUpMs,
  };
}

export async function closeChannels(channels: Channels): Promise<void> {
  const { ssh, files, api, webui } = channels;
  await Promise.all([ssh?.close(), files?.close(), api?.close(), webui?.close()]);
}

/** A way to do something over one channel. */
export interface Attempt<T> {
  readonly via: ChannelName;
  readonly run: () => Promise<T>;
}

/** Failures after which it is certain that nothing was done, so that another channel may be tried. */
const nothingDone = [
  'connect_refused',
  'host_unreachable',
  'channel_unavailable',
  'login_refused',
  'permission_denied',
];

function mayTryNext(error: unknown): error is EvenkeelError {
  if (!(error instanceof EvenkeelError)) return false;
  if (nothingDone.includes(error.code)) return true;
  return error.code === 'connect_timeout' && error.details.step === 'SSH connection';
}

/**
 * The first attempt that answers, in order. Another is tried only after a failure before anything was sent; a changed
 * key or certificate ends it at once. `channel_unavailable` when there is no attempt at all.
 */
export async function firstThatAnswers<T>(unit: string, step: string, attempts: readonly Attempt<T>[]): Promise<T> {
  let first: EvenkeelError | null = null;
  for (const attempt of attempts) {
    try {
      return await attempt.run();
    } catch (error) {
      if (!mayTryNext(error)) throw error;
      first ??= error;
    }
  }
  throw (
    first ?? new EvenkeelError('channel_unavailable', { unit, step, advice: 'Give this unit a login that can do it.' })
  );
}

/** The channel of that kind, or `channel_unavailable` naming what would be needed. */
export function required<T>(channel: T | null, unit: string, step: string, kind: string): T {
  if (channel) return channel;
  throw new EvenkeelError('channel_unavailable', {
    unit,
    step,
    advice: `This needs ${kind}; give this unit a login for it.`,
  });
}
