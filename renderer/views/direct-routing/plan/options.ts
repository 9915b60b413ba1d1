import type { DrOptions } from '#shared/contract/direct-routing';
import { duration } from '../../../format';
import type { ChosenOptions } from '../draft.svelte';

/** What holds where a person chose nothing; as the contract's defaults. */
export const usualOptions: DrOptions = {
  drainSeconds: null,
  whenTimeIsUp: 'go-on',
  revertMinutes: 15,
  together: false,
  onFailure: 'stop',
  removeStale: false,
  firewall: false,
  ipv6Prefix: 'host',
};

export function withUsual(options: ChosenOptions): DrOptions {
  return { ...usualOptions, ...options };
}

/** How the job will go about it, in the plain words of the footer. */
export function optionSentence(options: DrOptions, servers: number): string {
  const drain =
    options.drainSeconds === null
      ? 'It waits for connections to end, as long as the engine is set to'
      : options.drainSeconds === 0
        ? 'It does not wait for connections to end'
        : `It waits up to ${duration(options.drainSeconds * 1000)} for connections to end`;
  const then =
    options.drainSeconds === 0
      ? ''
      : options.whenTimeIsUp === 'go-on'
        ? ', then goes on'
        : ', else leaves the server as it was';
  const guard = ` The server restores itself unless confirmed within ${options.revertMinutes} min.`;
  if (servers < 2) return `${drain}${then}.${guard} After a failure it is taken back.`;
  const lanes = options.together
    ? 'Servers of one service may be changed together'
    : 'Never two servers of one service at once';
  const failure =
    options.onFailure === 'stop' ? 'after a failure no other begins' : 'after a failure the others still begin';
  return `${drain}${then}.${guard} ${lanes}; ${failure}.`;
}

/** Options that say something only where a plan changes several servers. */
const betweenServers: readonly (keyof DrOptions)[] = ['together', 'onFailure'];

/** Options that count for so many servers and were chosen otherwise than usual. */
export function changedOptions(options: ChosenOptions, servers: number): number {
  return (Object.keys(usualOptions) as (keyof DrOptions)[]).filter(
    (key) =>
      options[key] !== undefined &&
      options[key] !== usualOptions[key] &&
      (servers > 1 || !betweenServers.includes(key)),
  ).length;
}

export const drainChoices = [
  { id: '', title: 'As the engine is set' },
  { id: '0', title: 'Do not wait' },
  { id: '30', title: 'Up to 30 s' },
  { id: '120', title: 'Up to 2 min' },
  { id: '300', title: 'Up to 5 min' },
  { id: '900', title: 'Up to 15 min' },
  { id: '3600', title: 'Up to 1 h' },
] as const;

export const revertChoices = [5, 10, 15, 30, 60, 120, 240].map((minutes) => ({
  id: String(minutes),
  title: `${minutes} min`,
}));
