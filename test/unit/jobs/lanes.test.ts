import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import { lampCatalogue, lampPlan, lamps, newFolder, openBench, removeFolder, type Bench, type Lamps } from './kit';

let world: Lamps;
let bench: Bench;

beforeEach(async () => {
  world = lamps();
  bench = await openBench(await newFolder(), lampCatalogue(world));
});

afterEach(async () => {
  await bench.close();
  await removeFolder(bench.folder);
});

type Items = Record<string, { readonly lamps: readonly string[]; readonly excludes?: readonly string[] }>;

/** Lanes of lamps; a lane's first letter is its name. */
function lanePlan(items: Items, options: Partial<NonNullable<Plan['lanes']>> = {}): Plan {
  const named = Object.entries(items);
  const plan = lampPlan({ lamps: named.flatMap(([, lane]) => lane.lamps), onFailure: 'stop' });
  const laneOf = (lamp: unknown) => named.find(([, lane]) => lane.lamps.some((own) => own === lamp))?.[0] ?? '';
  return {
    ...plan,
    kind: 'lamps.lanes',
    steps: plan.steps.map((step) => {
      const lane = laneOf(step.input['lamp']);
      return { ...step, lane, unitName: lane };
    }),
    lanes: {
      width: 8,
      onFailure: 'stop',
      items: named.map(([id, { excludes = [] }]) => ({ id, excludes: [...excludes] })),
      ...options,
    },
  };
}

const two = { a: { lamps: ['a1', 'a2'] }, b: { lamps: ['b1', 'b2'] } };
const four = { ...two, c: { lamps: ['c1', 'c2'] }, d: { lamps: ['d1', 'd2'] } };
const lit = () => [...world.on].toSorted();
const fails = (code: 'link_cut' | 'script_failed') => () => Promise.reject(new EvenkeelError(code));
const detail = async (jobId: string) => bench.jobs.detail(jobId);
const states = async (jobId: string) =>
  Object.fromEntries((await detail(jobId)).journal.map(({ stepId, state }) => [stepId.slice(5), state]));

/** Steps that wait for each other: they only end when all of them are under way at once. */
function meeting(...names: readonly string[]): void {
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  const there = new Set<string>();
  for (const lamp of names) {
    world.instead.set(lamp, async () => {
      there.add(lamp);
      if (there.size === names.length) open();
      await all;
      world.on.add(lamp);
      return 'done';
    });
  }
}

/** A step that stands still until it is let go or its signal aborts. */
function standing(lamp: string) {
  let open = (): void => undefined;
  let reached = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const entered = new Promise<void>((resolve) => (reached = resolve));
  world.instead.set(lamp, async ({ signal }) => {
    reached();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new EvenkeelError('aborted')), { once: true });
    });
    await Promise.race([opened, aborted]);
    world.on.add(lamp);
    world.done.push(`on ${lamp}`);
    return 'done';
  });
  return { entered, open: () => open() };
}

describe('a job with lanes', () => {
  it('runs lanes beside each other, and proves all of them', async () => {
    meeting('a1', 'b1', 'c1', 'd1');
    const seen: (string | null)[] = [];
    bench.jobs.onJob((job) => seen.push(job.currentStep));
    const job = await bench.ended(await bench.start(lanePlan(four)));
    expect(job).toMatchObject({ state: 'succeeded', verdict: 'proved', stepsDone: 8, error: null });
    expect(seen).toContain('Light a1 (a), Light b1 (b), Light c1 (c) and 1 more');
    expect(seen.at(-1)).toBeNull();
  });

  it('keeps the order of the steps in each lane', async () => {
    await bench.ended(await bench.start(lanePlan(four)));
    for (const lane of 'abcd') {
      const own = world.done.filter((line) => line.startsWith(`on ${lane}`));
      expect(own).toEqual([`on ${lane}1`, `on ${lane}2`]);
    }
  });

  it('never runs two lanes with a key in common at a time, and no more than its width', async () => {
    const under = new Set<string>();
    const pairs: string[] = [];
    let most = 0;
    for (const lane of ['a', 'b', 'c', 'd']) {
      world.instead.set(`${lane}1`, () => {
        under.add(lane);
        pairs.push([...under].toSorted().join(''));
        most = Math.max(most, under.size);
        world.on.add(`${lane}1`);
        return Promise.resolve('done');
      });
      world.instead.set(`${lane}2`, () => {
        under.delete(lane);
        world.on.add(`${lane}2`);
        return Promise.resolve('done');
      });
    }
    const keys = { a: ['x'], b: ['x', 'y'], c: ['y'], d: [] };
    const items = Object.fromEntries(
      Object.entries(four).map(([id, lane]) => [id, { ...lane, excludes: keys[id as 'a'] }]),
    );
    const job = await bench.ended(await bench.start(lanePlan(items, { width: 2 })));
    expect(job.state).toBe('succeeded');
    expect(most).toBe(2);
    expect(pairs.some((text) => text.includes('ab') || text.includes('bc'))).toBe(false);
  });

  it('takes back the lane that failed, lets the others under way finish, begins no other, and asks', async () => {
    const b = standing('b1');
    world.instead.set('a2', async () => {
      await b.entered;
      throw new EvenkeelError('link_cut');
    });
    const jobId = await bench.start(lanePlan(four, { width: 2 }));
    await b.entered;
    while ((await states(jobId))['a1'] !== 'undone') await new Promise((resolve) => setImmediate(resolve));
    b.open();
    const job = await bench.ended(jobId);
    expect(job).toMatchObject({ state: 'waiting', choices: ['resume', 'undo', 'stop'], error: { code: 'link_cut' } });
    expect(lit()).toEqual(['b1', 'b2']);
    const { proof } = await detail(jobId);
    expect(proof.map(({ text, held }) => [text, held])).toEqual([
      ['b1 is on.', true],
      ['b2 is on.', true],
      ['Taken back: a1 is switched off again', true],
    ]);
    expect(await states(jobId)).toMatchObject({ a1: 'undone', a2: 'failed', b2: 'done', c1: 'pending', d1: 'pending' });
  });

  it('told to resume, runs the lane that was taken back once more, and the rest', async () => {
    world.instead.set('b2', fails('link_cut'));
    const jobId = await bench.start(lanePlan(four, { width: 1 }));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'waiting' });
    world.instead.clear();
    await bench.jobs.decide(jobId, 'resume', 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'proved', error: null });
    expect(lit()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2']);
    expect(world.done.filter((line) => line === 'on a1')).toHaveLength(1);
  });

  it.each([
    ['undo', 'undone', []],
    ['stop', 'failed', ['a1', 'a2']],
  ] as const)('told to %s after a failed lane, ends as %s', async (choice, state, on) => {
    world.instead.set('b2', fails('link_cut'));
    const jobId = await bench.start(lanePlan(two, { width: 1 }));
    await bench.ended(jobId);
    await bench.jobs.decide(jobId, choice, 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state });
    expect(lit()).toEqual(on);
  });

  it('does not ask where nothing stands: the first lane failed and was taken back', async () => {
    world.instead.set('a2', fails('script_failed'));
    const jobId = await bench.start(lanePlan(two, { width: 1 }));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'undone', error: { code: 'script_failed' } });
    expect(world.done).toEqual(['on a1', 'off a1']);
    expect(bench.jobs.locks.holder('unit-1')).toBeNull();
  });

  it('goes on with the others where the plan says so, and names every lane that failed', async () => {
    world.instead.set('a2', fails('link_cut'));
    world.instead.set('c1', fails('script_failed'));
    const job = await bench.ended(await bench.start(lanePlan(four, { width: 1, onFailure: 'go-on' })));
    expect(job).toMatchObject({ state: 'failed', verdict: 'not-proved', error: { code: 'link_cut' } });
    expect(job.error?.details['also']).toEqual(['c: The script reported a failure.']);
    expect(lit()).toEqual(['b1', 'b2', 'd1', 'd2']);
  });

  it('asks when a lane cannot be taken back; its services are left alone, and resuming tries again first', async () => {
    world.instead.set('a2', fails('link_cut'));
    world.undoFails = 'a1';
    const items = { a: { lamps: ['a1', 'a2'], excludes: ['x'] }, b: { lamps: ['b1'], excludes: ['x'] } };
    const jobId = await bench.start(lanePlan(items, { onFailure: 'go-on' }));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'waiting', choices: ['resume', 'undo', 'stop'] });
    expect(await states(jobId)).toEqual({ a1: 'undoing', a2: 'failed', b1: 'pending' });
    world.undoFails = null;
    world.instead.clear();
    await bench.jobs.decide(jobId, 'resume', 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'failed' });
    expect(lit()).toEqual(['b1']);
  });

  it('cancelled, takes back every lane under way, keeps the finished and begins no other', async () => {
    const b = standing('b2');
    const c = standing('c2');
    const jobId = await bench.start(lanePlan(four, { width: 3 }));
    await Promise.all([b.entered, c.entered]);
    while ((await states(jobId))['d2'] !== 'done') await new Promise((resolve) => setImmediate(resolve));
    await bench.jobs.cancel(jobId, 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'cancelled', error: null });
    expect(lit()).toEqual(['a1', 'a2', 'd1', 'd2']);
  });

  it('cancelled while it waits with a lane that is stuck, tries that lane again and asks when it stays stuck', async () => {
    world.instead.set('b2', fails('link_cut'));
    world.undoFails = 'b1';
    const jobId = await bench.start(lanePlan(two, { width: 1 }));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'waiting' });
    await bench.jobs.cancel(jobId, 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'waiting', choices: ['undo', 'stop'] });
    world.undoFails = null;
    await bench.jobs.decide(jobId, 'undo', 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'cancelled' });
    expect(lit()).toEqual(['a1', 'a2']);
  });

  it('refuses a plan with a step in no lane', async () => {
    const plan = lanePlan(two);
    const stray = plan.steps.map((step) => ({ ...step, lane: 'elsewhere' }));
    await expect(bench.start({ ...plan, steps: stray })).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('the engine stopping with several lanes under way', () => {
  it('interrupts all of them, and the next start goes on with all', async () => {
    const gates = ['a2', 'b1', 'c2'].map(standing);
    const jobId = await bench.start(lanePlan(four, { width: 3 }));
    await Promise.all(gates.map((gate) => gate.entered));
    await bench.close();
    world.instead.clear();
    bench = await openBench(bench.folder, lampCatalogue(world));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(world.done.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2'].map((lamp) => `on ${lamp}`));
  });

  it('while one is being taken back: it is taken back to its end, and no other begins', async () => {
    world.instead.set('a2', fails('link_cut'));
    const b = standing('b2');
    const jobId = await bench.start(lanePlan(four, { width: 2 }));
    await b.entered;
    while ((await states(jobId))['a2'] !== 'failed') await new Promise((resolve) => setImmediate(resolve));
    await bench.close();
    world.instead.clear();
    bench = await openBench(bench.folder, lampCatalogue(world));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'waiting', error: { code: 'link_cut' } });
    expect(lit()).toEqual(['b1', 'b2']);
  });
});
