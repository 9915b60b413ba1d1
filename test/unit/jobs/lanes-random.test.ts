import { afterEach, describe, expect, it } from 'vitest';
import type { Plan } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import { lampCatalogue, lampPlan, lamps, newFolder, openBench, removeFolder, type Bench, type Lamps } from './kit';

let bench: Bench | null = null;

afterEach(async () => {
  await bench?.close();
  if (bench !== null) await removeFolder(bench.folder);
  bench = null;
});

function lampOf(input: Plan['steps'][number]['input']): string {
  const { lamp } = input;
  return typeof lamp === 'string' ? lamp : '';
}

/** The same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return state % below;
  };
}

interface Case {
  readonly plan: Plan;
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly failing: ReadonlySet<string>;
}

function caseOf(seed: number): Case {
  const next = numbers(seed);
  const ids = Array.from({ length: 3 + next(6) }, (_, index) => `lane${index}`);
  const keys = new Map(ids.map((id) => [id, ['x', 'y', 'z'].filter(() => next(3) === 0)]));
  const plan = lampPlan({ lamps: ids.flatMap((id) => [`${id}-1`, `${id}-2`, `${id}-3`]), onFailure: 'stop' });
  const laneOf = (lamp: unknown): string => String(lamp).split('-')[0] ?? '';
  const steps = plan.steps.map((step) => ({ ...step, lane: laneOf(step.input['lamp']) }));
  const failing = new Set(ids.filter(() => next(5) === 0).map((id) => `${id}-${1 + next(3)}`));
  const lanes = {
    width: 1 + next(4),
    onFailure: next(2) === 0 ? ('stop' as const) : ('go-on' as const),
    items: ids.map((id) => ({ id, excludes: [...(keys.get(id) ?? [])] })),
  };
  return { plan: { ...plan, kind: 'lamps.lanes', steps, lanes }, keys, failing };
}

/** Every step looks at who else is between its first step and its last. */
function watch(world: Lamps, { plan, keys, failing }: Case, faults: string[]): void {
  const under = new Set<string>();
  for (const { lane, input } of plan.steps) {
    const lamp = lampOf(input);
    world.instead.set(lamp, async (context) => {
      const others = (plan.lanes?.items ?? []).map((item) => item.id).filter((other) => other !== lane);
      const beside = others.filter((other) => under.has(other) || !over(world, plan, other));
      if (beside.length + 1 > (plan.lanes?.width ?? 0)) faults.push(`${lane} beside ${beside.join()}: too many`);
      const own = keys.get(lane) ?? [];
      const shared = beside.filter((other) => keys.get(other)?.some((key) => own.includes(key)));
      if (shared.length > 0) faults.push(`${lane} beside ${shared.join()}: a key in common`);
      under.add(lane);
      try {
        await context.remember({ wasOn: false });
        await new Promise((resolve) => setImmediate(resolve));
        if (context.signal.aborted) throw new EvenkeelError('aborted');
        if (failing.has(lamp)) throw new EvenkeelError('link_cut');
        world.on.add(lamp);
        return 'done';
      } finally {
        under.delete(lane);
      }
    });
  }
}

/** All on, or all off again: the lane has come to its end. */
function over(world: Lamps, plan: Plan, lane: string): boolean {
  const own = plan.steps.filter((step) => step.lane === lane).map((step) => lampOf(step.input));
  return own.every((lamp) => world.on.has(lamp)) || own.every((lamp) => !world.on.has(lamp));
}

describe('lanes drawn at random, with failures, the engine stopping in the middle of half of them', () => {
  it.each(Array.from({ length: 24 }, (_, seed) => seed))(
    'case %i: none is left half done, none beside one it excludes',
    async (seed) => {
      const world = lamps();
      const drawn = caseOf(seed);
      const faults: string[] = [];
      watch(world, drawn, faults);
      bench = await openBench(await newFolder(), lampCatalogue(world));
      const jobId = await bench.start(drawn.plan);
      if (seed % 2 === 0) {
        for (let turn = 0; turn < 40 + seed * 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        await bench.close();
        bench = await openBench(bench.folder, lampCatalogue(world));
      }
      const job = await bench.ended(jobId);
      expect(faults).toEqual([]);
      const { plan, failing } = drawn;
      const lanes = plan.lanes?.items.map((item) => item.id) ?? [];
      const onOf = (lane: string) => [...world.on].filter((lamp) => lamp.startsWith(`${lane}-`)).length;
      const bad = lanes.filter((lane) => [...failing].some((lamp) => lamp.startsWith(`${lane}-`)));
      for (const lane of bad) expect(onOf(lane), lane).toBe(0);
      for (const lane of lanes) expect([0, 3], lane).toContain(onOf(lane));
      if (bad.length === 0) expect(job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
      if (plan.lanes?.onFailure === 'go-on')
        for (const lane of lanes) if (!bad.includes(lane)) expect(onOf(lane), lane).toBe(3);
      if (bad.length > 0) expect(['waiting', 'failed', 'undone']).toContain(job.state);
    },
  );
});
