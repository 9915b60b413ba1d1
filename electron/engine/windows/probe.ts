import type { ProbeLine, WindowsTarget } from '#shared/contract/inventory';
import { plainError } from '#shared/contract/plain-error';
import { EvenkeelError } from '#shared/errors';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { identityOf } from './identify';
import { asksForPin, planned, type ProbeKey } from './probe-lines';
import { createWindowsServer } from './server';
import { toEvenkeelError } from './winrm-errors';
import { observeCertificate } from './winrm/index';

const observeTimeoutMs = 8_000;

/**
 * Tries a Windows server and yields each line as it changes, by key; only reads. Without a pinned certificate it stops
 * at the fingerprint, so that no login is sent to a host that nobody has confirmed. Over HTTP there is no certificate:
 * NTLM then proves both sides and encrypts.
 */
export async function* probeWindows(target: WindowsTarget, signal: AbortSignal): AsyncGenerator<ProbeLine> {
  const lines = planned(target);
  yield* Object.values(lines);
  const set = (key: ProbeKey, change: Partial<ProbeLine> & Pick<ProbeLine, 'state'>): ProbeLine => {
    const line = { ...lines[key], ...change };
    lines[key] = line;
    return line;
  };
  const secure = asksForPin(target);
  yield set(secure ? 'winrm.certificate' : 'winrm.login', { state: 'running', text: 'asking' });
  if (secure) {
    const seen = yield* certificateLine(target, set, signal);
    if (!seen) return;
  }
  if (target.login === null && (target.way ?? 'stored') === 'stored') {
    yield set('winrm.login', { state: 'waiting', text: 'a user and a password' });
    return;
  }
  yield set('winrm.login', { state: 'running', text: 'logging in' });
  const started = performance.now();
  const server = createWindowsServer({ ...target, id: 'probe', name: target.host });
  try {
    const state = await server.readState(signal);
    const milliseconds = Math.round(performance.now() - started);
    yield set('winrm.reachable', { state: 'ok', text: 'WinRM answered', milliseconds });
    yield set('winrm.login', { state: 'ok', text: acceptedText(target, server.way()), milliseconds });
    yield* factLines(state, set);
  } catch (error) {
    const failure = shaped(error, target.host);
    const key =
      failure.code === 'connect_refused' || failure.code === 'connect_timeout' ? 'winrm.reachable' : 'winrm.login';
    yield set(key, { state: 'failed', text: failure.message, error: plainError(failure) });
  } finally {
    await server.close();
  }
}

function acceptedText({ login }: WindowsTarget, way: 'sign-on' | 'stored'): string {
  if (way === 'sign-on' || login === null) return "this computer's sign-on accepted";
  return `${login.username} accepted by ${login.kind === 'ntlm' ? 'NTLM' : 'Basic'}`;
}

type SetLine = (key: ProbeKey, change: Partial<ProbeLine> & Pick<ProbeLine, 'state'>) => ProbeLine;

/** Reads the certificate without sending anything. True when it is the pinned one. */
async function* certificateLine(
  target: WindowsTarget,
  set: SetLine,
  signal: AbortSignal,
): AsyncGenerator<ProbeLine, boolean> {
  const started = performance.now();
  try {
    const seen = await observeCertificate(target.host, target.port, { signal, timeoutMs: observeTimeoutMs });
    const milliseconds = Math.round(performance.now() - started);
    yield set('winrm.reachable', { state: 'ok', text: 'TLS answered', milliseconds });
    const fingerprint = { algorithm: 'SHA-256', sha256: seen.sha256 };
    const pinned = target.pins.certificate;
    if (pinned === null) {
      yield set('winrm.certificate', { state: 'ask', text: `seen for the first time, ${seen.subject}`, fingerprint });
      return false;
    }
    if (pinned !== seen.sha256) {
      const error = new EvenkeelError('certificate_changed', { unit: target.host, step: 'certificate' });
      yield set('winrm.certificate', { state: 'failed', text: error.message, fingerprint, error: plainError(error) });
      return false;
    }
    yield set('winrm.certificate', { state: 'ok', text: `pinned, ${seen.subject}`, fingerprint });
    return true;
  } catch (error) {
    const failure = shaped(error, target.host);
    yield set('winrm.reachable', { state: 'failed', text: failure.message, error: plainError(failure) });
    return false;
  }
}

function* factLines(state: WindowsNetworkState, set: SetLine): Generator<ProbeLine> {
  const { addresses } = identityOf(state);
  yield set('winrm.identity', { state: 'ok', text: `${state.computerName}, ${state.osName}` });
  yield set('rights.read', { state: 'ok', text: 'yes' });
  yield set(
    'rights.fix',
    state.isAdministrator ? { state: 'ok', text: 'yes' } : { state: 'failed', text: 'no administrator token' },
  );
  const full = state.languageMode === 'FullLanguage' && state.is64BitProcess;
  yield set('rights.scripts', full ? { state: 'ok', text: 'yes' } : { state: 'failed', text: state.languageMode });
  yield set('found.addresses', { state: 'ok', text: addresses.join(', ') || 'none', aside: String(addresses.length) });
}

function shaped(error: unknown, host: string): EvenkeelError {
  return toEvenkeelError(error, { unit: host, step: 'WinRM', unchanged: 'Nothing was changed.' });
}
