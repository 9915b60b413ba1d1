import { LiveMap, type LiveSource } from '#engine/dispatch/index';
import type { Transition } from '#shared/contract/overview';
import type { History } from './history';

const shown = 2_000;

/** The transitions of the last hours for one stream. Old ones leave as new ones come; never more than 2,000. */
export async function transitionsSource(
  history: History,
  hours: number,
  now: () => number,
): Promise<LiveSource<Transition>> {
  const live = new LiveMap<Transition>();
  const add = (transition: Transition): void => {
    const oldest = now() - hours * 3_600_000;
    const kept = [...live.values()];
    const beyond = kept.slice(0, Math.max(0, kept.length + 1 - shown));
    const gone = new Set([...kept.filter((item) => item.at < oldest), ...beyond].map((item) => item.id));
    live.apply(new Map([[transition.id, transition]]), [...gone]);
  };
  // Listening begins before reading, so that nothing falls in between; an id set twice is one item.
  const stop = history.onAdd(add);
  const past = await history.since(now() - hours * 3_600_000, shown);
  const since = [...live.values()];
  live.replace(new Map([...past, ...since].map((item) => [item.id, item])));
  return {
    snapshot: () => live.snapshot(),
    subscribe: (listener) => live.subscribe(listener),
    dispose: stop,
  };
}
