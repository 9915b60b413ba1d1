import { describe, expect, it } from 'vitest';
import type { PlanStep } from '#shared/contract/plans';
import { deadManMinutes } from '#shared/domain/direct-routing/plan/dead-man';

const step = (estimateSeconds: number) => ({ estimateSeconds }) as PlanStep;

describe('how long the dead-man waits', () => {
  it('is as long as was asked for, where the steps in between take much less', () => {
    expect(deadManMinutes(15, [step(50), step(4), step(6)])).toBe(15);
  });

  it('is never shorter than twice what the steps may take, and a minute more', () => {
    expect(deadManMinutes(5, [step(200), step(100)])).toBe(11);
  });

  it('is a day at most', () => {
    expect(deadManMinutes(5, [step(100_000)])).toBe(1_440);
  });
});
