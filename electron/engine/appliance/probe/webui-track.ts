import { plainError } from '#shared/contract/plain-error';
import type { ApplianceTarget } from '#shared/contract/inventory';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import type { Channels } from '../channels/channels';
import { lookAtCertificate, type SeenCertificate } from '../channels/pinned-agent';
import { withDeadline } from '../deadline';
import { readUpdateForm } from '../operations/update';
import { findSupportDownload } from '../parsers/support-link';
import { offeredVersion, parseMessages } from '../parsers/webui-messages';
import { versionOnPage } from '../read/read';
import type { ProbeLines } from './lines';
import { showFailure, since } from './ssh-track';

const webuiRights = ['rights.update', 'rights.backup', 'rights.licence', 'rights.support'] as const;

/** WebUI from the handshake to what its pages offer. The reading holds what its overview tells, `null` without login. */
export async function probeWebui(
  target: ApplianceTarget,
  channels: Channels,
  lines: ProbeLines,
  signal: AbortSignal,
): Promise<Pick<ApplianceReading, 'version' | 'updateNotice'> | null> {
  const seen = await probeCertificate(target, channels, lines, signal);
  if (!seen) return null;
  const { webui } = channels;
  if (!webui) {
    lines.set('webui.login', { state: 'waiting', text: 'no login given' });
    return null;
  }
  lines.set('webui.login', { state: 'running' });
  const start = performance.now();
  try {
    const page = await webui.page('/lbadmin/', 'WebUI login', channels.giveUpMs, signal);
    const text = `${target.webui?.username ?? ''} accepted, may configure: treated as root`;
    lines.set('webui.login', { state: 'ok', text, milliseconds: since(start) });
    await probePages(page, channels, lines, signal);
    const offered = offeredVersion(parseMessages(page));
    return { version: versionOnPage(page, offered), updateNotice: offered };
  } catch (error) {
    showFailure(lines, 'webui.login', error);
    for (const key of webuiRights) lines.set(key, { state: 'off', text: 'no' });
    return null;
  }
}

async function probeCertificate(
  target: ApplianceTarget,
  channels: Channels,
  lines: ProbeLines,
  signal: AbortSignal,
): Promise<SeenCertificate | null> {
  const { host, webuiPort: port, pins } = target;
  const start = performance.now();
  lines.set('webui.reachable', { state: 'running' });
  let seen: SeenCertificate;
  try {
    const where = { unit: host, step: 'WebUI connection' };
    const endpoint = { unit: host, host, port, certificatePin: null, connectTimeoutMs: channels.giveUpMs };
    seen = await withDeadline(signal, channels.giveUpMs, where, (inner) => lookAtCertificate(endpoint, inner));
  } catch (error) {
    showFailure(lines, 'webui.reachable', error);
    for (const key of webuiRights) lines.set(key, { state: 'off', text: 'no' });
    return null;
  }
  const protocol = seen.protocol.replace(/^TLSv/, 'TLS ');
  lines.set('webui.reachable', { state: 'ok', text: protocol, milliseconds: since(start) });
  const fingerprint = { algorithm: 'SHA-256', sha256: seen.sha256 };
  const kind = seen.selfSigned ? 'self-signed' : `for ${seen.subject}`;
  if (pins.certificate === null) {
    lines.set('webui.certificate', { state: 'ask', text: `${kind}, seen for the first time.`, fingerprint });
    const text = target.webui ? `as ${target.webui.username}, after the certificate is pinned` : 'no login given';
    lines.set('webui.login', { state: 'waiting', text });
    return null;
  }
  if (pins.certificate !== seen.sha256) {
    const advice = 'Do not log in. Find out on the unit’s console whether its certificate was replaced.';
    const details = { unit: host, step: 'certificate', fingerprint: seen.sha256, pinned: pins.certificate, advice };
    const error = new EvenkeelError('certificate_changed', details);
    lines.set('webui.certificate', { state: 'failed', text: error.message, fingerprint, error: plainError(error) });
    return null;
  }
  lines.set('webui.certificate', {
    state: 'ok',
    text: `${kind}, ${shortened(seen.sha256)}, pinned by you`,
    fingerprint,
  });
  return seen;
}

/** `SHA-256 7E:19:C4 … A0:5D` */
function shortened(sha256: string): string {
  const pairs = sha256.toUpperCase().match(/../g) ?? [];
  return `SHA-256 ${pairs.slice(0, 3).join(':')} … ${pairs.slice(-2).join(':')}`;
}

async function probePages(page: string, channels: Channels, lines: ProbeLines, signal: AbortSignal): Promise<void> {
  lines.set('rights.backup', { state: 'ok', text: 'yes' });
  lines.set('rights.licence', { state: 'ok', text: 'yes' });
  if (findSupportDownload(page)) {
    lines.set('webui.support', { state: 'ok', text: 'in the menu' });
    lines.set('rights.support', { state: 'ok', text: 'yes' });
  } else {
    lines.set('webui.support', { state: 'unknown', text: 'not found in the menu, so it is not offered' });
    lines.set('rights.support', { state: 'unknown', text: 'unknown' });
  }
  try {
    await readUpdateForm(channels, signal);
    lines.set('rights.update', { state: 'ok', text: 'yes' });
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    lines.set('rights.update', { state: 'unknown', text: 'form not understood', error: plainError(error) });
  }
}
