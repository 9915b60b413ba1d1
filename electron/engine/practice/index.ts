import { practiceHandlers, type PracticeHandlers } from './handlers';
import { Practice, type PracticeDeps } from './practice';

export type { Practice, PracticeDeps } from './practice';

export interface PracticeCapability {
  /** `restore` before jobs are resumed, `stop` with the engine. */
  readonly practice: Practice;
  readonly handlers: PracticeHandlers;
}

export function createPractice(deps: PracticeDeps): PracticeCapability {
  const practice = new Practice(deps);
  return { practice, handlers: practiceHandlers(practice) };
}
