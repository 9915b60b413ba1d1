import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drOptions, type DrOptions } from '#shared/contract/direct-routing';
import type { JobDetail } from '#shared/contract/jobs';
import { type Machine, type Running, type Site } from '#test/protocol/direct-routing/site';
import { untouchedServer } from '#test/unit/direct-routing/windows-fixtures';
import { closeTwoServers, openTwoServers } from './two-servers';

let folder: string;
let site: Site;
let engine: Running;
let machine: Machine;
const context = { signal: new AbortController().signal, operator: 'jokafor' };

beforeEach(async () => {
  ({ folder, site, engine, machine } = await openTwoServers());
});

afterEach(() => closeTwoServers(site, engine, folder));

const lost = () => Object.assign(machine.winrm, { refuse: true, cutAtByte: 1 });
const back = () => {
  delete machine.winrm.refuse;
  delete machine.winrm.cutAtByte;
};
/** Calls back when an operation begins for the first time within a job's steps. */
function at(operation: string, nth: number, does: () => void): void {
  let count = 0;
  machine.onBegin = (name) => {
    if (name !== operation) return;
    count += 1;
    if (count === nth) does();
  };
}

/** Beside what `at` does. */
function alsoAt(operation: string, does: () => void): void {
  const first = machine.onBegin;
  machine.onBegin = (name) => {
    first(name);
    if (name === operation) does();
  };
}

async function fix(over: Partial<DrOptions> = {}): Promise<string> {
  const { calls } = engine.directRouting.handlers;
  const plan = await calls['directRouting.plan']({ windowsIds: ['w2'], options: drOptions.parse(over) }, context);
  return engine.start(plan);
}

async function untilFired(): Promise<void> {
  machine.aheadMs = 3_600_000;
  await machine.executor.fireDue();
  await vi.waitFor(() => expect(machine.deadMen.some((item) => item.fired !== null)).toBe(true));
}

const notes = ({ journal }: JobDetail) => journal.flatMap((entry) => entry.notes.map((note) => note.text));

/** As before the job: network, services, and nothing armed that could strike later. */
function expectAsBefore(): void {
  expect(machine.state.adapters).toEqual(untouchedServer().adapters);
  expect([...site.statuses.values()]).toEqual(['online', 'online', 'online', 'online']);
  expect(machine.deadMen.filter((item) => item.fired === null)).toEqual([]);
}

describe('the dead-man fires although the link is there', () => {
  it.each([
    ['interface', 'bindings', 'every value is as in the snapshot'],
    ['addresses', 'interface', 'every value is as in the snapshot'],
    // The step after that goes well by itself; the state that is read back tells.
    ['lan', 'addresses', '1 values are not as in the snapshot: IPv4 weak host receive was off, is on'],
  ])('before %s: the step says so, what was found, and the job takes back', async (_, before, found) => {
    at(before, 1, () => void untilFired());
    const jobId = await fix();
    const job = await engine.ended(jobId);
    expect(job).toMatchObject({ state: 'undone', error: { code: 'dead_man_fired', details: { unit: 'ICA-APP02' } } });
    expect(job.error?.details['found']).toBe(found);
    expectAsBefore();
  });

  it('between proof and confirmation: not confirmed, taken back, in service as before', async () => {
    at('read-state', 5, () => void untilFired());
    const job = await engine.ended(await fix());
    expect(job).toMatchObject({ state: 'undone', error: { code: 'dead_man_fired', details: { step: 'Confirm' } } });
    expectAsBefore();
  });

  it('and a second plan is not disturbed by the first', async () => {
    at('lan', 1, lost);
    const first = await fix();
    await engine.ended(first);
    await untilFired();
    back();
    await engine.jobs.decide(first, 'undo', 'jokafor');
    await engine.ended(first);
    machine.aheadMs = 0;
    expect(await engine.ended(await fix())).toMatchObject({ state: 'succeeded', verdict: 'proved' });
  });

  it('later, after its job was given up: no new plan until then, and then it can be made', async () => {
    at('lan', 1, lost);
    const jobId = await fix();
    await engine.ended(jobId);
    await engine.jobs.decide(jobId, 'stop', 'jokafor');
    expect(await engine.ended(jobId)).toMatchObject({ state: 'failed' });
    back();
    // A person brought it online by hand; the task on the server still waits.
    site.statuses.forEach((_, key) => site.statuses.set(key, 'online'));
    const refused = await fix().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'dead_man_armed', details: { unit: 'ICA-APP02', step: 'plan' } });
    await untilFired();
    expect(machine.state.adapters).toEqual(untouchedServer().adapters);
    expect(await engine.ended(await fix())).toMatchObject({ state: 'succeeded', verdict: 'proved' });
  });

  it('not at all where a step took long: its time begins anew before the next one', async () => {
    at('addresses', 1, () => {
      site.aheadMs = 600_000;
      machine.aheadMs = 600_000;
    });
    let due = 0;
    alsoAt('dead-man-confirm', () => (due = machine.deadMen[0]?.dueAt ?? 0));
    const jobId = await fix();
    expect(await engine.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    // Armed at the start it would have been due in five minutes.
    expect(due - (Date.now() + 600_000)).toBeGreaterThan(600_000);
    const told = notes(await engine.jobs.detail(jobId));
    expect(told.some((text) => /^The server waits until \d\d:\d\d/.test(text))).toBe(true);
  });
});
