import { describe, expect, it } from 'vitest';
import type { JournalEntry, JournalState } from '#shared/contract/jobs';
import { manyJob, manyPlan } from '#test/fixtures/direct-routing-lanes';
import { fixPlan } from '#test/fixtures/direct-routing-plan';
import { lanesOf, type Lane } from '../../../renderer/lanes/lane-model';
import { groupsOf, guardWord, laneWord, ranked } from '../../../renderer/lanes/lane-words';
import { laneSeconds } from '../../../renderer/views/direct-routing/plan/plan-time';

const plan = manyPlan(1);
const at = Date.UTC(2026, 10, 22, 2, 26, 0);

function lane(states: readonly JournalState[], job: 'running' | 'waiting' | 'failed' = 'running'): Lane {
  const entries = new Map(
    states.map((state, index): [string, JournalEntry] => {
      const stepId = plan.steps[index]?.id ?? '';
      return [stepId, { stepId, state, startedAt: at, endedAt: at, progress: null, notes: [], error: null }];
    }),
  );
  const [only] = lanesOf(plan, (id) => entries.get(id) ?? null, { state: job });
  if (only === undefined) throw new Error('no lane');
  return only;
}

describe('a lane', () => {
  it('says which step it is at, and what came of it', () => {
    expect(laneWord(lane(['done', 'running']))).toBe('Drain');
    expect(laneWord(lane(['done', 'done', 'failed']))).toBe('failed at Snapshot');
    expect(laneWord(lane(['done', 'done', 'failed'], 'waiting'))).toBe('waits for you at Snapshot');
    expect(laneWord(lane(['done', 'undone', 'done', 'undone', 'failed']))).toBe('failed at Install, taken back');
    expect(laneWord(lane([]))).toBe('later');
    expect(laneWord(lane([], 'failed'))).toBe('not begun');
    expect(laneWord(lane(plan.steps.map(() => 'done')))).toBe('done');
  });

  it('of a plan that has not begun tells its steps only', () => {
    const [drawn] = lanesOf(fixPlan, null, null);
    expect(drawn?.state).toBe('planned');
    expect(drawn?.name).toBe('ICA-APP02');
  });
});

describe('the dead-man', () => {
  it('runs from the arming until it is confirmed', () => {
    const armed = lane(['done', 'done', 'done', 'done', 'running']);
    expect(armed.guard).toMatchObject({ from: 3, to: 11, minutes: 15, state: 'armed' });
    expect(guardWord(armed.guard)).toMatch(/^restores itself at \d\d:41 unless confirmed$/);
    expect(guardWord(lane(['done', 'running']).guard)).toBeNull();
    expect(guardWord(lane(plan.steps.map(() => 'done')).guard)).toBeNull();
  });

  it('begins anew when the server was made to wait again', () => {
    const note = { at: at + 8 * 60_000, level: 'info' as const, code: false };
    const text = 'The server waits until 02:49:00 now before it takes everything back.';
    const entry = (stepId: string): JournalEntry => ({
      stepId,
      state: 'done',
      startedAt: at,
      endedAt: at,
      progress: null,
      notes: stepId.endsWith('/install') ? [{ ...note, text }] : [],
      error: null,
    });
    const [only] = lanesOf(plan, (id) => (id.endsWith('/confirm') ? null : entry(id)), { state: 'running' });
    expect(only?.guard?.restoresAt).toBe(at + 23 * 60_000);
  });
});

describe('many lanes', () => {
  const { job, detail } = manyJob(200);
  const lanes = lanesOf(
    manyPlan(200),
    (id) => {
      const item = detail.get(`entry:${id}`);
      return item?.item === 'entry' ? item.entry : null;
    },
    job,
  );

  it('list what failed first, then what runs; what is done comes last', () => {
    const states = ranked(lanes).map((item) => item.state);
    expect(states[0]).toBe('taken-back');
    expect(states.at(-1)).toBe('done');
    expect(groupsOf(lanes)).toEqual([
      { state: 'taken-back', count: 4 },
      { state: 'running', count: 8 },
      { state: 'later', count: 82 },
      { state: 'done', count: 106 },
    ]);
  });

  it('take as long as the job lays them out: so many at a time, never two that exclude each other', () => {
    const one = laneSeconds(manyPlan(1));
    expect(laneSeconds(manyPlan(8))).toBe(one);
    expect(laneSeconds(manyPlan(9))).toBe(2 * one);
    const same = manyPlan(4);
    const items = same.lanes?.items.map((item) => ({ ...item, excludes: ['ICA_WEB'] })) ?? [];
    expect(laneSeconds({ ...same, lanes: { width: 8, onFailure: 'stop', items } })).toBe(4 * one);
    expect(laneSeconds(fixPlan)).toBe(206);
  });
});
