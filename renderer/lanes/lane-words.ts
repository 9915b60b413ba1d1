import type { State } from '#shared/domain/state';
import { duration, hourMinute } from '../format';
import type { Guard, Lane, LaneState } from './lane-model';

/** What needs a person comes first; what is done comes last. */
const ranks: readonly LaneState[] = [
  'failed',
  'waiting',
  'taking-back',
  'taken-back',
  'running',
  'planned',
  'stopped',
  'later',
  'done',
];

export const groupWords: Readonly<Record<LaneState, string>> = {
  planned: 'planned',
  failed: 'failed',
  'taken-back': 'failed, taken back',
  'taking-back': 'being taken back',
  waiting: 'wait for you',
  running: 'running',
  later: 'later',
  stopped: 'not begun or stopped',
  done: 'done',
};

export const laneMarks: Readonly<Record<LaneState, State | 'done' | 'now' | 'later'>> = {
  planned: 'later',
  failed: 'failed',
  'taken-back': 'failed',
  'taking-back': 'drained',
  waiting: 'degraded',
  running: 'now',
  later: 'later',
  stopped: 'drained',
  done: 'done',
};

export function ranked(lanes: readonly Lane[]): readonly Lane[] {
  const rank = (lane: Lane): number => ranks.indexOf(lane.state);
  return lanes
    .map((lane, index) => ({ lane, index }))
    .sort((a, b) => rank(a.lane) - rank(b.lane) || a.index - b.index)
    .map(({ lane }) => lane);
}

/** How many lanes stand how, in the order in which they are listed. */
export function groupsOf(lanes: readonly Lane[]): readonly { readonly state: LaneState; readonly count: number }[] {
  return ranks
    .map((state) => ({ state, count: lanes.filter((lane) => lane.state === state).length }))
    .filter(({ count }) => count > 0);
}

/** How a lane stands, in a few words. */
export function laneWord({ state, at, done, steps }: Lane): string {
  const where = at === null ? '' : ` at ${at.title}`;
  switch (state) {
    case 'planned':
      return `${steps.length} steps, ${duration(steps.reduce((sum, step) => sum + step.estimateSeconds, 0) * 1000)}`;
    case 'failed':
      return `failed${where}`;
    case 'taken-back':
      return `failed${where}, taken back`;
    case 'taking-back':
      return `taking back ${at?.title ?? ''}`.trimEnd();
    case 'waiting':
      return `waits for you${where}`;
    case 'running':
      return at === null ? `${done} of ${steps.length}` : at.title;
    case 'later':
      return 'later';
    case 'stopped':
      return done === 0 ? 'not begun' : `stopped after ${done} of ${steps.length}`;
    case 'done':
      return 'done';
  }
}

/** `restores itself at 02:41 unless confirmed`; `null`: nothing is armed. */
export function guardWord(guard: Guard | null): string | null {
  if (guard === null || guard.state !== 'armed') return null;
  if (guard.restoresAt === null) return 'restores itself unless confirmed';
  return `restores itself at ${hourMinute(guard.restoresAt)} unless confirmed`;
}
