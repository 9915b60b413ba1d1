import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applianceSteps, Incidents, serverSteps } from './direct-routing-incidents';
import {
  expectAsBefore,
  expectComplete,
  expectNamed,
  expectOutcome,
  expectTimeTold,
  inService,
  notes,
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

describe('the link to the server is lost before a word arrives, and stays away', () => {
  it.each(outcomes)(
    '$step: $state, told at $told; the server takes back by itself where it was changed',
    async (row) => {
      bench.before(row.step, bench.lose);
      const job = await bench.fix();
      await expectOutcome(bench, job, row, 'link_cut');
      // Nobody knows how it stands.
      const known = row.state !== 'waiting';
      expect([...bench.site.statuses.values()].map((status) => status === 'online')).toEqual(
        known ? inService : outOfService,
      );
      if (known) {
        bench.findAgain();
        return row.state === 'undone' ? expectAsBefore(bench) : expectComplete(bench);
      }
      const armed = row.step !== 'Arm';
      expect(bench.machine.deadMen).toHaveLength(armed ? 1 : 0);
      expectTimeTold(job, row.failed === 'Confirm', bench.machine.deadMen[0]?.dueAt);
      await bench.timePasses();
      if (armed) await bench.fired();
      bench.findAgain();
      await expectAsBefore(bench, outOfService);
      expect(await bench.undo(job)).toMatchObject({ state: 'undone' });
      await expectAsBefore(bench);
      if (!armed) return;
      const told = notes(await bench.detail(job));
      expect(told).toContain('Everything is as in the snapshot already.');
      expect(told.some((text) => text.startsWith('The server took everything back by itself: '))).toBe(true);
    },
  );
});

describe('the link to the server is lost before the answer arrives, and comes back', () => {
  const rows = outcomes.filter(({ step }) => serverSteps.includes(step));

  it.each(rows)('$step: $state, told at $told; the undo that is asked for takes everything back', async (row) => {
    bench.at(row.step, 'server', 'after', bench.lose);
    const job = await bench.fix();
    await expectOutcome(bench, job, row, 'link_cut');
    bench.findAgain();
    if (row.state === 'waiting') {
      // The confirmation arrived: nothing is armed, and what is there is whole.
      if (row.step === 'Confirm') await expectComplete(bench, outOfService);
      else expect(bench.machine.deadMen).toMatchObject([{ fired: null }]);
      expect(job.choices).toEqual(['undo', 'stop']);
      expect(await bench.undo(job)).toMatchObject({ state: 'undone' });
    }
    await expectAsBefore(bench);
  });
});

describe('the link to the server is lost for a moment', () => {
  it.each(serverSteps)('%s: connects once more and goes on', async (step) => {
    bench.at(step, 'server', 'after', bench.blip);
    expect(await bench.fix()).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    await expectComplete(bench);
  });

  it.each(applianceSteps)('%s: is not missed, as the step asks the appliance', async (step) => {
    bench.before(step, bench.blip);
    expect(await bench.fix()).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    await expectComplete(bench);
  });
});

describe('the link to the appliance is lost', () => {
  it.each(['Guard', 'Drain'])('%s, before a word arrives: the job fails there, nothing was changed', async (step) => {
    bench.before(step, bench.loseAppliance);
    const job = await bench.fix();
    expect(job.state).toBe('failed');
    expectNamed(job.error, 'link_cut', step, 'lb-main-1');
    expect(bench.site.sent).toEqual([]);
    await expectAsBefore(bench);
  });

  it('Drain, after the first word: told what may be out of service; the undo brings exactly that back', async () => {
    bench.at('Drain', 'appliance', 'after', bench.loseAppliance);
    const job = await bench.fix();
    expect(job.state).toBe('waiting');
    expectNamed(job.error, 'link_cut', 'Undo: Drain', 'lb-main-1');
    expect(job.error?.details.advice).toMatch(/^ICA_WEB2, ICA_DICOM2 may be out of service: undo again once/);
    // The first of two services only; the server itself was not touched.
    await expectAsBefore(bench, [true, false, true, true]);
    bench.applianceBack();
    expect(await bench.undo(job)).toMatchObject({ state: 'undone' });
    await expectAsBefore(bench);
  });

  it.each([
    ['Wire', 'before'],
    ['Online', 'before'],
    ['Online', 'after'],
  ] as const)('%s, %s a word takes effect: the change stays and is whole until it is undone', async (step, moment) => {
    bench.at(step, 'appliance', moment, bench.loseAppliance);
    const job = await bench.fix();
    expect(job.state).toBe('waiting');
    expectNamed(job.error, 'link_cut', 'Undo: Online', 'lb-main-1');
    expect(job.error?.details.advice).toMatch(/^ICA_WEB2, ICA_DICOM2 may be out of service: undo again once/);
    await expectComplete(bench, moment === 'after' ? [true, true, true, false] : outOfService);
    bench.applianceBack();
    expect(await bench.undo(job)).toMatchObject({ state: 'undone' });
    await expectAsBefore(bench);
  });

  it('Wire, for a moment: the wire is not believed unasked, and asked again in the end', async () => {
    bench.at('Wire', 'appliance', 'before', () => {
      bench.loseAppliance();
      setImmediate(bench.applianceBack);
    });
    const job = await bench.fix();
    expect(job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(notes(await bench.detail(job)).join('\n')).toMatch(/192\.168\.100\.100: (could not|cannot) be asked/);
    await expectComplete(bench);
  });
});
