import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Incidents, serverSteps } from './direct-routing-incidents';
import {
  expectAsBefore,
  expectComplete,
  expectOutcome,
  expectTimeTold,
  outcomes,
  outOfService,
} from './direct-routing-outcomes';

let bench: Incidents;

beforeAll(async () => {
  bench = await Incidents.open();
});

afterAll(() => bench.close());

// One site for all: what a case leaves behind would be seen by the next one.
beforeEach(() => bench.reset());

describe('the server goes down before a step takes effect, and is up before its dead-man is due', () => {
  it.each(outcomes)('$step: $state, told at $told; undone when it is up', async (row) => {
    bench.before(row.step, bench.powerOff);
    const job = await bench.fix();
    await expectOutcome(bench, job, row, 'connect_refused');
    await bench.boot();
    if (row.state === 'succeeded') return expectComplete(bench);
    if (row.state === 'waiting') {
      expectTimeTold(job, row.failed === 'Confirm', bench.machine.deadMen[0]?.dueAt);
      expect((await bench.seenByAnother()).inService).toEqual(outOfService);
      expect(await bench.undo(job)).toMatchObject({ state: 'undone' });
    }
    await expectAsBefore(bench);
  });
});

describe('the server goes down once a step took effect, and is up only after its dead-man is due', () => {
  const rows = outcomes.filter(({ step }) => serverSteps.includes(step));

  it.each(rows)('$step: $state, told at $told; it takes back by itself as it starts', async (row) => {
    bench.at(row.step, 'server', 'after', bench.powerOff);
    const job = await bench.fix();
    await expectOutcome(bench, job, row, 'connect_refused');
    await bench.timePasses();
    await bench.boot();
    if (row.step === 'Confirm') await expectComplete(bench, outOfService);
    else if (row.state === 'waiting') {
      await bench.fired();
      await expectAsBefore(bench, outOfService);
    }
    if (row.state === 'waiting') expect(await bench.undo(job)).toMatchObject({ state: 'undone' });
    await expectAsBefore(bench);
  });
});

describe('the server restarts and is up before anybody looks', () => {
  it.each(serverSteps)('%s, before it takes effect: it is done once more, and the fix is whole', async (step) => {
    bench.before(step, bench.restart);
    expect(await bench.fix()).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    await expectComplete(bench);
  });

  it.each(serverSteps)(
    '%s, once it took effect: doing it again changes nothing, and the fix is whole',
    async (step) => {
      bench.at(step, 'server', 'after', bench.restart);
      expect(await bench.fix()).toMatchObject({ state: 'succeeded', verdict: 'proved' });
      await expectComplete(bench);
    },
  );
});
