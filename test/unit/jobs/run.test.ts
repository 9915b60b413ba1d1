import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobDetail, jobItem, type JobSummary } from '#shared/contract/jobs';
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

const states = async (jobId: string) => (await bench.jobs.detail(jobId)).journal.map((entry) => entry.state);

/** A step that waits until it is let go or its signal aborts. */
function gate(heedsSignal: boolean) {
  let open = (): void => undefined;
  let reached = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const entered = new Promise<void>((resolve) => (reached = resolve));
  const run = async (context: { signal: AbortSignal }): Promise<'done'> => {
    reached();
    const aborted = new Promise<never>((_, reject) => {
      if (heedsSignal) context.signal.addEventListener('abort', () => reject(new EvenkeelError('aborted')));
    });
    await Promise.race([opened, aborted]);
    return 'done';
  };
  return { run, entered, open: () => open() };
}

describe('a job', () => {
  it('runs its steps in order, proves every promise and files its record', async () => {
    const jobId = await bench.start(lampPlan());
    const job = await bench.ended(jobId);
    expect(job).toMatchObject({ number: 1, state: 'succeeded', verdict: 'proved', stepsDone: 3, stepsTotal: 3 });
    expect(world.done).toEqual(['on red', 'on green', 'on blue']);
    const detail = jobDetail.parse(await bench.jobs.detail(jobId));
    expect(detail.journal[0]?.notes).toMatchObject([{ text: 'switch red on', code: true }]);
    expect(detail.proof.map((line) => line.held)).toEqual([true, true, true]);
    const file = await readFile(join(bench.folder, 'records', '1-lamps-of-lb-main-1.html'), 'utf8');
    const record = await bench.jobs.record(jobId);
    expect(record).toMatchObject({ html: file, sha256: detail.recordSha256 });
    const log = await bench.audit.list({ before: null, limit: 10, contains: '' });
    expect(log.map((entry) => entry.what)).toEqual(['record.written', 'job.ended', 'job.started']);
    expect(log[1]?.hash).toBe(detail.auditHead);
    expect(log[0]?.details['sha256']).toBe(detail.recordSha256);
    expect(bench.notes).toEqual(['Job 1 done and proved']);
  });

  it('shows its changes as they happen, and the same to a stream', async () => {
    const seen: string[] = [];
    bench.jobs.onJob((job) => seen.push(`${job.state} ${job.stepsDone} ${job.currentStep ?? '-'}`));
    const jobId = await bench.start(lampPlan({ lamps: ['red'] }));
    const source = await bench.jobs.detailSource(jobId);
    await bench.ended(jobId);
    expect(seen).toContain('queued 0 -');
    expect(seen).toContain('running 0 Light red');
    expect(seen.at(-1)).toBe('succeeded 1 -');
    expect([...source.snapshot().keys()]).toEqual(['job', 'plan', 'entry:step-red', 'proof:0']);
    for (const item of source.snapshot().values()) jobItem.parse(item);
    const later = await bench.jobs.detailSource(jobId);
    expect(later.snapshot()).toEqual(source.snapshot());
  });

  it('does not run a step when what was read has changed since', async () => {
    world.recheck = () => Promise.reject(new EvenkeelError('plan_outdated', { unit: 'lb-main-1' }));
    const job = await bench.ended(await bench.start(lampPlan()));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'plan_outdated', details: { unit: 'lb-main-1' } } });
    expect(world.done).toEqual([]);
  });

  it('undoes what was done, in reverse, when a step fails, and says what was restored', async () => {
    world.instead.set('blue', () => Promise.reject(new EvenkeelError('link_cut')));
    const jobId = await bench.start(lampPlan());
    const job = await bench.ended(jobId);
    expect(job).toMatchObject({ state: 'undone', verdict: 'not-proved' });
    expect(job.error).toMatchObject({ code: 'link_cut', details: { unit: 'lb-main-1', step: 'Light blue' } });
    expect(world.done).toEqual(['on red', 'on green', 'off green', 'off red']);
    expect(world.on.size).toBe(0);
    expect(await states(jobId)).toEqual(['undone', 'undone', 'failed']);
    const { proof } = await bench.jobs.detail(jobId);
    expect(proof.map((line) => `${line.text}: ${line.seen}`)).toEqual([
      'Taken back: red is switched off again: as before the job',
      'Taken back: green is switched off again: as before the job',
    ]);
  });

  it('also takes back a failed step that had written down a change', async () => {
    world.instead.set('green', async (context) => {
      await context.remember({ wasOn: false });
      world.on.add('green');
      throw new EvenkeelError('link_cut');
    });
    const jobId = await bench.start(lampPlan());
    expect(await bench.ended(jobId)).toMatchObject({ state: 'undone' });
    expect(world.on.size).toBe(0);
    expect(await states(jobId)).toEqual(['undone', 'undone', 'pending']);
  });

  it('fails plainly when nothing had been done yet', async () => {
    world.instead.set('red', () => Promise.reject(new EvenkeelError('login_refused')));
    const job = await bench.ended(await bench.start(lampPlan()));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'login_refused' } });
    expect(bench.jobs.locks.holder('unit-1')).toBeNull();
  });

  it('stops and asks where the plan says so, holds its units, and goes on when told', async () => {
    world.instead.set('green', () => Promise.reject(new Error('odd')));
    const jobId = await bench.start(lampPlan({ onFailure: 'stop' }));
    const waiting = await bench.ended(jobId);
    expect(waiting).toMatchObject({
      state: 'waiting',
      choices: ['resume', 'undo', 'stop'],
      error: { code: 'internal' },
    });
    expect(typeof waiting.error?.details['logId']).toBe('string');
    expect(bench.jobs.locks.holder('unit-1')).toMatchObject({ number: 1 });
    world.instead.clear();
    await bench.jobs.decide(jobId, 'resume', 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'proved', error: null });
    expect(world.done).toEqual(['on red', 'on green', 'on blue']);
    await expect(bench.jobs.decide(jobId, 'undo', 'mreyes')).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    ['undo', 'undone', []],
    ['stop', 'failed', ['red']],
  ] as const)('asked, and told to %s, ends as %s', async (choice, state, on) => {
    world.instead.set('green', () => Promise.reject(new EvenkeelError('command_failed')));
    const jobId = await bench.start(lampPlan({ onFailure: 'stop' }));
    await bench.ended(jobId);
    await bench.jobs.decide(jobId, choice, 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state, error: { code: 'command_failed' } });
    expect([...world.on]).toEqual(on);
    expect(bench.jobs.locks.holder('unit-1')).toBeNull();
  });

  it('asks when an undo fails, and takes back the rest when told again', async () => {
    world.instead.set('blue', () => Promise.reject(new EvenkeelError('link_cut')));
    world.undoFails = 'green';
    const jobId = await bench.start(lampPlan());
    expect(await bench.ended(jobId)).toMatchObject({ state: 'waiting', choices: ['undo', 'stop'] });
    expect(await states(jobId)).toEqual(['done', 'undoing', 'failed']);
    world.undoFails = null;
    await bench.jobs.decide(jobId, 'undo', 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'undone' });
    expect(world.on.size).toBe(0);
  });

  it.each([
    ['at once when the step heeds its signal', true, ['undone', 'cancelled', 'pending']],
    ['after the step under way when it does not', false, ['undone', 'undone', 'pending']],
  ] as const)('is cancelled %s', async (_, heeds, expected) => {
    const { run, entered, open } = gate(heeds);
    world.instead.set('green', run);
    const jobId = await bench.start(lampPlan());
    await entered;
    await bench.jobs.cancel(jobId, 'mreyes');
    open();
    expect(await bench.ended(jobId)).toMatchObject({ state: 'undone' });
    expect(await states(jobId)).toEqual(expected);
    expect(world.on.size).toBe(0);
  });

  it('cancelled under a plan that stops keeps what was done, and tells it', async () => {
    const { run, entered } = gate(true);
    world.instead.set('green', run);
    const jobId = await bench.start(lampPlan({ onFailure: 'stop' }));
    await entered;
    await bench.jobs.cancel(jobId, 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'cancelled' });
    expect(await states(jobId)).toEqual(['done', 'cancelled', 'pending']);
    expect([...world.on]).toEqual(['red']);
  });

  it('cancelled in the middle of a lane takes back that lane where its kind says so, and keeps finished ones', async () => {
    const { run, entered } = gate(true);
    world.instead.set('violet', run);
    const plan = lampPlan({ lamps: ['red', 'green', 'violet', 'blue'], onFailure: 'stop' });
    const lanes = ['one', 'two', 'two', 'three'];
    const steps = plan.steps.map((step, index) => ({ ...step, lane: lanes[index] ?? '' }));
    const jobId = await bench.start({ ...plan, kind: 'lamps.lanes', steps });
    await entered;
    await bench.jobs.cancel(jobId, 'mreyes');
    expect(await bench.ended(jobId)).toMatchObject({ state: 'cancelled', verdict: 'not-proved' });
    expect(await states(jobId)).toEqual(['done', 'undone', 'cancelled', 'pending']);
    expect([...world.on]).toEqual(['red']);
  });

  it('that waits hears one answer: a cancel and a decision at a time do not both count', async () => {
    world.instead.set('green', () => Promise.reject(new EvenkeelError('link_cut')));
    const jobId = await bench.start(lampPlan({ onFailure: 'stop' }));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'waiting' });
    world.instead.clear();
    const answers = await Promise.allSettled([
      bench.jobs.cancel(jobId, 'mreyes'),
      bench.jobs.decide(jobId, 'resume', 'jokafor'),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected']);
    expect(await bench.ended(jobId)).toMatchObject({ state: 'cancelled' });
    expect([...world.on]).toEqual(['red']);
  });

  it('is not proved when a promise does not hold, and says which', async () => {
    world.instead.set('green', () => Promise.resolve('done'));
    const job = await bench.ended(await bench.start(lampPlan()));
    expect(job).toMatchObject({ state: 'failed', verdict: 'not-proved', error: { code: 'proof_failed' } });
    expect(job.error?.details['promised']).toEqual(['green is on. Seen: false']);
  });

  it('is not proved when a value could not be read: unknown never counts as held', async () => {
    const { run, entered, open } = gate(false);
    world.instead.set('blue', run);
    const jobId = await bench.start(lampPlan());
    await entered;
    world.readable = false;
    open();
    expect(await bench.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'not-proved' });
  });

  it('passes progress on, at most ten times a second, and never loses the last', async () => {
    world.instead.set('red', (context) => {
      for (let done = 1; done <= 1_000; done++) {
        context.progress({ done, total: 1_000, unit: 'bytes', rate: null, remainingSeconds: null });
      }
      world.on.add('red');
      return Promise.resolve('done');
    });
    const seen: number[] = [];
    bench.jobs.onJob((job) => job.progress !== null && seen.push(job.progress.done));
    const jobId = await bench.start(lampPlan({ lamps: ['red'] }));
    await bench.ended(jobId);
    expect(new Set(seen)).toEqual(new Set([1, 1_000]));
    expect((await bench.jobs.detail(jobId)).journal[0]?.progress?.done).toBe(1_000);
  });

  it('keeps at most 500 notes of a step and nothing that looks like a secret', async () => {
    world.instead.set('red', (context) => {
      context.note('curl -H "Authorization: Basic bG9hZGJhbGFuY2VyOmFiYw=="', { code: true });
      for (let line = 0; line < 600; line++) context.note(`line ${line}`);
      world.on.add('red');
      return Promise.resolve('done');
    });
    const jobId = await bench.start(lampPlan({ lamps: ['red'] }));
    await bench.ended(jobId);
    const notes = (await bench.jobs.detail(jobId)).journal[0]?.notes ?? [];
    expect(notes).toHaveLength(500);
    expect(notes[0]?.text).toBe('curl -H "Authorization: Basic [removed]"');
    expect(notes.at(-1)?.text).toBe('Further lines of this step are left out.');
  });
});

describe('starting', () => {
  it('refuses a unit that another job holds, with that job’s number, and lets others pass', async () => {
    const { run, entered, open } = gate(false);
    world.instead.set('red', run);
    const first = await bench.start(lampPlan());
    await entered;
    const refused = bench.start(lampPlan({ id: 'plan-2', unitIds: ['unit-2', 'unit-1'] }));
    await expect(refused).rejects.toMatchObject({ code: 'unit_locked', details: { job: 1 } });
    expect(bench.jobs.locks.holder('unit-2')).toBeNull();
    world.instead.delete('red');
    const third = await bench.start(lampPlan({ id: 'plan-3', unitIds: ['unit-2'] }));
    expect((await bench.ended(third)).state).toBe('succeeded');
    open();
    await bench.ended(first);
    expect((await bench.jobs.list(10)).map((job: JobSummary) => job.number)).toEqual([2, 1]);
  });

  it('refuses a plan that was started before, that is not there, or that changes nothing', async () => {
    const plan = lampPlan();
    await bench.ended(await bench.start(plan));
    const again = { planId: plan.id, reason: 'r', ticket: null, confirmName: null, by: 'jokafor' };
    await expect(bench.jobs.start(again)).rejects.toMatchObject({ code: 'conflict', details: { job: 1 } });
    await expect(bench.jobs.start({ ...again, planId: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    const reading = lampPlan({ id: 'plan-2' }).steps.map((step) => ({
      ...step,
      action: { ...step.action, kind: 'read' as const },
    }));
    const idle = bench.jobs.plans.keep({ ...lampPlan({ id: 'plan-2' }), steps: reading });
    await expect(idle).rejects.toMatchObject({ code: 'plan_empty' });
    expect(bench.jobs.locks.holder('unit-1')).toBeNull();
  });

  it('wants the name typed where the plan asks for one', async () => {
    const plan = lampPlan({ confirmName: 'lb-main' });
    await expect(bench.start(plan, { confirmName: 'lb-annex' })).rejects.toMatchObject({ code: 'invalid_argument' });
    const start = { planId: plan.id, reason: 'r', ticket: null, confirmName: 'lb-main', by: 'jokafor' };
    expect(await bench.jobs.start(start)).toMatchObject({ number: 1 });
  });

  it('writes no record of a job that has not ended, yet shows it as it stands', async () => {
    const { run, entered, open } = gate(false);
    world.instead.set('red', run);
    const jobId = await bench.start(lampPlan());
    await entered;
    expect((await bench.jobs.record(jobId)).html).toContain('<!doctype html>');
    expect(await readdir(bench.folder)).not.toContain('records');
    open();
    await bench.ended(jobId);
  });
});

describe('the engine stopping in good order', () => {
  it('interrupts the step under way, and the next start goes on', async () => {
    const { run, entered } = gate(true);
    world.instead.set('green', run);
    const jobId = await bench.start(lampPlan());
    await entered;
    await bench.close();
    world.instead.clear();
    bench = await openBench(bench.folder, lampCatalogue(world));
    expect(await bench.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(world.done).toEqual(['on red', 'on green', 'on blue']);
    const notes = (await bench.jobs.detail(jobId)).journal[1]?.notes.map((note) => note.text);
    expect(notes?.[0]).toBe('The engine stopped in the middle of this step. Its effect is looked for.');
  });
});

describe('a job that cannot be read any more', () => {
  it('keeps neither the engine from starting nor others from running', async () => {
    await bench.ended(await bench.start(lampPlan()));
    const damage = { state: 'running', choices: '{}' };
    await bench.database.kysely.updateTable('job').set(damage).execute();
    await bench.close();
    bench = await openBench(bench.folder, lampCatalogue(world));
    const other = await bench.start(lampPlan({ id: 'plan-2' }));
    expect(await bench.ended(other)).toMatchObject({ number: 2, state: 'succeeded' });
    expect((await bench.jobs.list(10)).map((job) => job.number)).toEqual([2]);
  });
});
