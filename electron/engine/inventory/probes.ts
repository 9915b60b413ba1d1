import { LiveMap, type LiveSource } from '#engine/dispatch/index';
import type { ProbeLine } from '#shared/contract/inventory';
import { EvenkeelError } from '#shared/errors';
import type { Probe } from './types';

/** Far more than a probe has lines: what a target says must not fill the memory. */
const lineLimit = 200;

/** One probe for one stream. It stops when the stream ends; its lines live only as long as the stream. */
export function probeSource<T>(
  probe: Probe<T>,
  target: T,
  signal: AbortSignal,
  logUnexpected: (error: unknown, step: string) => void,
): LiveSource<ProbeLine> {
  const lines = new LiveMap<ProbeLine>();
  const own = new AbortController();
  const stop = (): void => own.abort(new EvenkeelError('aborted', { step: 'probe' }));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const report = (line: ProbeLine): void => {
    if (own.signal.aborted) return;
    const key = `${line.group}:${line.key}`;
    if (lines.get(key) !== undefined || lines.size < lineLimit) lines.set(key, line);
  };
  const run = async (): Promise<void> => {
    for await (const line of probe(target, own.signal)) report(line);
  };
  run().catch((error: unknown) => {
    if (own.signal.aborted) return;
    if (!(error instanceof EvenkeelError)) logUnexpected(error, 'probe');
    report(brokenOff(error));
  });
  return {
    snapshot: () => lines.snapshot(),
    subscribe: (listener) => lines.subscribe(listener),
    dispose: () => {
      signal.removeEventListener('abort', stop);
      stop();
    },
  };
}

function brokenOff(error: unknown): ProbeLine {
  const text = error instanceof EvenkeelError ? error.message : 'The probe broke off.';
  return {
    group: 'others',
    key: 'probe',
    label: 'Probe',
    state: 'failed',
    text,
    aside: null,
    milliseconds: null,
    fingerprint: null,
    error: null,
    order: 10_000,
  };
}
