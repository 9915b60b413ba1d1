import type { PlanLanes } from '#shared/contract/plans';
import type { ErrorItem } from './error-shape';
import { LaneRun, type LaneEnd } from './lane-run';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import type { StepRunner } from './step-runner';

export interface LaneOutcome {
  readonly lane: LaneRun;
  readonly end: LaneEnd;
}

/**
 * Runs the lanes of a job beside each other. All that it decides by stands in the journal: lanes that had begun before a
 * crash go on first, the others begin in their order, as many as the width allows and none beside one it excludes.
 */
export class Lanes {
  private readonly lanes: readonly LaneRun[];
  private readonly excludes: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly plan: PlanLanes,
    private readonly job: LiveJob,
    private readonly parts: JobParts,
    runner: StepRunner,
  ) {
    this.excludes = new Map(plan.items.map((item) => [item.id, item.excludes]));
    this.lanes = plan.items.map((item) => {
      const steps = job.plan.steps.filter((step) => step.lane === item.id);
      return new LaneRun(item.id, steps, job, parts, runner);
    });
  }

  /** Lanes that were taken back may run again. */
  async reset(): Promise<void> {
    for (const lane of this.lanes) await lane.reset();
  }

  /** Ends when no lane is under way and none may begin. Rejects, after all have ended, when the journal cannot be written. */
  async forward(): Promise<readonly LaneOutcome[]> {
    const ends = new Map<LaneRun, LaneEnd>();
    const running = new Map<LaneRun, Promise<void>>();
    const faults: unknown[] = [];
    const held = new Set<string>();
    const waiting = this.lanes.filter((lane) => !lane.finished());
    const begin = (lane: LaneRun): void => {
      waiting.splice(waiting.indexOf(lane), 1);
      for (const key of this.keysOf(lane)) held.add(key);
      const work = lane
        .forward()
        .then((end) => {
          ends.set(lane, end);
          // Nobody knows how the server of a lane that is stuck stands: none of its services is touched again.
          if (end.end !== 'stuck') for (const key of this.keysOf(lane)) held.delete(key);
        })
        .catch((error: unknown) => void faults.push(error))
        .finally(() => running.delete(lane));
      running.set(lane, work);
    };
    // What had begun was let in before: it goes on, whatever the others hold.
    for (const lane of waiting.filter((item) => item.begun())) begin(lane);
    for (;;) {
      const mayBegin = faults.length === 0 && !this.ending() && !this.stops();
      for (const lane of mayBegin ? [...waiting] : []) {
        if (running.size >= this.plan.width) break;
        if (!this.keysOf(lane).some((key) => held.has(key))) begin(lane);
      }
      if (running.size === 0) break;
      await Promise.race(running.values());
    }
    if (faults.length > 0) throw faults[0];
    return this.lanes.map((lane) => ({ lane, end: ends.get(lane) ?? restOf(lane) }));
  }

  /** Takes back every lane that was begun and not finished. */
  async back(): Promise<readonly LaneOutcome[]> {
    const work = this.lanes.map(async (lane) => ({ lane, end: lane.finished() ? restOf(lane) : await lane.back() }));
    const settled = await Promise.allSettled(work);
    return settled.map((item) => {
      if (item.status === 'rejected') throw item.reason;
      return item.value;
    });
  }

  private keysOf(lane: LaneRun): readonly string[] {
    return this.excludes.get(lane.id) ?? [];
  }

  private stops(): boolean {
    return this.plan.onFailure === 'stop' && this.lanes.some((lane) => lane.turnedBack());
  }

  private ending(): boolean {
    return this.parts.stopped.aborted || this.job.cancelled.signal.aborted || this.job.intent === 'cancel';
  }
}

function restOf(lane: LaneRun): LaneEnd {
  return { end: lane.finished() ? 'finished' : 'untouched' };
}

/** The first error, with the other lanes that failed. */
export function errorOf(outcomes: readonly LaneOutcome[]): ErrorItem | null {
  const failed = outcomes.flatMap(({ lane, end }) => {
    const error = end.end === 'stuck' || end.end === 'taken-back' ? end.error : null;
    return error === null ? [] : [{ name: lane.steps[0]?.unitName ?? lane.id, error, stuck: end.end === 'stuck' }];
  });
  // One that a person has to see to comes first.
  const [first, ...others] = failed.toSorted((a, b) => Number(b.stuck) - Number(a.stuck));
  if (first === undefined || others.length === 0) return first?.error ?? null;
  const also = others.slice(0, 50).map(({ name, error }) => `${name}: ${error.message}`);
  return { ...first.error, details: { ...first.error.details, also } };
}
