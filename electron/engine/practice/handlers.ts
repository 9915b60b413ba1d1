import type { HandlersOf } from '#engine/dispatch/index';
import type { practiceCalls, practiceStreams } from '#shared/contract/practice';
import type { Practice } from './practice';

export type PracticeHandlers = HandlersOf<keyof typeof practiceCalls, keyof typeof practiceStreams>;

/** The practice site's part of the contract. */
export function practiceHandlers(practice: Practice): PracticeHandlers {
  return {
    calls: {
      'practice.open': (input, { operator }) => practice.open(input, operator),
      'practice.close': async (_input, { operator }) => {
        await practice.close(operator);
        return {};
      },
      'practice.status': () => Promise.resolve(practice.status()),
      'practice.endpoints': () => Promise.resolve(practice.endpoints()),
      'practice.fault': async ({ unitName, fault }, { operator }) => {
        await practice.fault(unitName, fault, operator);
        return {};
      },
    },
    streams: { 'practice.live': () => practice.live },
  };
}
