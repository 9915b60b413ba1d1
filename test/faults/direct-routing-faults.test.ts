import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drOptions, type DrOptions } from '#shared/contract/direct-routing';
import type { Plan } from '#shared/contract/plans';
import { errorTexts, EvenkeelError, type ErrorCode, type ErrorShape } from '#shared/errors';
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

function draw(over: Partial<DrOptions> = {}): Promise<Plan> {
  const { calls } = engine.directRouting.handlers;
  return calls['directRouting.plan']({ windowsIds: ['w2'], options: drOptions.parse(over) }, context);
}

async function refusal(work: Promise<unknown>): Promise<ErrorShape> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EvenkeelError) return error.toShape();
    throw error;
  }
  throw new Error('it was not refused');
}

/** Which unit, at which step, what was left as it was; the text is the code's own. */
function expectNamed(error: ErrorShape | null, code: ErrorCode, unit = 'ICA-APP02'): void {
  expect(error).toMatchObject({ code, message: errorTexts[code], details: { unit } });
  expect(error?.details.step).toMatch(/\w/);
  expect(error?.details.unchanged).toMatch(/\w/);
}

function expectAsBefore(): void {
  expect(machine.state.adapters).toEqual(untouchedServer().adapters);
  expect(machine.deadMen).toEqual([]);
}

const allIn = () => [...site.statuses.values()].every((status) => status === 'online');

describe('the server does not let the product in', () => {
  const cases: readonly (readonly [string, ErrorCode, () => unknown])[] = [
    ['wrong password', 'login_refused', () => (machine.winrm.wrongCredentials = true)],
    ['account locked', 'account_locked', () => (machine.winrm.accountLocked = true)],
    ['not an administrator: a filtered token', 'not_administrator', () => (machine.winrm.filteredToken = true)],
    ['WinRM off', 'connect_refused', () => machine.server.close()],
    ['no shell left', 'winrm_quota', () => (machine.winrm.quotaShells = 0)],
    ['PowerShell restricted', 'language_restricted', () => (machine.faults = { constrainedLanguage: true })],
  ];

  it.each(cases)('%s: told as %s when the plan is drawn up', async (_, code, set) => {
    await set();
    expectNamed(await refusal(draw()), code);
    expect(site.sent).toEqual([]);
    expectAsBefore();
  });

  it.each(cases)('%s, since the plan: told as %s before the first step', async (_, code, set) => {
    const plan = await draw();
    await machine.client.close();
    await set();
    const job = await engine.ended(await engine.start(plan));
    expect(job).toMatchObject({ state: 'failed', stepsDone: 0 });
    expectNamed(job.error, code);
    expect(site.sent).toEqual([]);
    expectAsBefore();
  });
});

describe('the server does not let itself be changed', () => {
  it.each([
    ['a protection program stops what compiles', 'code_blocked', 'Install', { addTypeBlocked: true }],
    ['the driver hangs', 'driver_timeout', 'Install', { installHangs: true }],
    ['another host holds the address', 'address_conflict', 'Address', { conflicts: 'any' }],
    ['PowerShell is restricted since', 'language_restricted', 'Snapshot', { constrainedLanguage: true }],
    ['an operation fails', 'script_failed', 'LAN', { failOperation: { operation: 'lan', message: 'no' } }],
  ] as const)('%s: %s at %s, taken back, in service as before', async (_, code, title, faults) => {
    const plan = await draw();
    // From the drain on, so that reading before it goes well; what takes back meets no fault.
    site.before = (__, action) => {
      if (action === 'drain') machine.faults = faults;
      if (action === 'online') machine.faults = {};
    };
    machine.onBegin = (operation) => {
      if (operation === 'remove-device') machine.faults = {};
    };
    const jobId = await engine.start(plan);
    const job = await engine.ended(jobId);
    expect(job.state).toBe('undone');
    expectNamed(job.error, code);
    const { journal, plan: run } = await engine.jobs.detail(jobId);
    const failed = journal.find((entry) => entry.error?.code === code)?.stepId;
    expect(run.steps.find((step) => step.id === failed)?.title).toBe(title);
    expectAsBefore();
    expect(allIn()).toBe(true);
  });
});

describe('the appliance does not let the server go', () => {
  it('the last healthy server of a service: at the plan', async () => {
    site.statuses.set('ICA_WEB/ICA_WEB1', 'failed');
    expectNamed(await refusal(draw()), 'last_healthy_server');
    expect(site.sent).toEqual([]);
  });

  it.each(['failed', 'drained', 'halted'] as const)(
    'the other one is %s since the plan: at the guard',
    async (status) => {
      const plan = await draw();
      site.statuses.set('ICA_DICOM/ICA_DICOM1', status);
      const job = await engine.ended(await engine.start(plan));
      expectNamed(job.error, 'last_healthy_server');
      expect(job.error?.details['service']).toBe('ICA_DICOM');
      expect(site.sent).toEqual([]);
    },
  );

  it('the other one goes out between guard and drain: refused at the last moment, nothing drained', async () => {
    const plan = await draw();
    let reads = 0;
    site.before = (_, action) => {
      if (action !== 'read') return;
      reads += 1;
      // The guard has read; the drain reads now.
      if (reads === 2) site.statuses.set('ICA_WEB/ICA_WEB1', 'failed');
    };
    const job = await engine.ended(await engine.start(plan));
    expectNamed(job.error, 'last_healthy_server');
    expect(job.error?.details.step).toBe('Drain');
    expect(site.sent).toEqual([]);
  });

  it('the other one is in service at one of two ports only: that carries nobody', async () => {
    site.partly.add('ICA_WEB1');
    expectNamed(await refusal(draw()), 'last_healthy_server');
  });

  it('a reading that does not tell how the server stands: at the plan, and at the guard', async () => {
    const plan = await draw();
    site.statuses.delete('ICA_WEB/ICA_WEB2');
    expectNamed(await refusal(draw()), 'stale_reading');
    const job = await engine.ended(await engine.start(plan));
    expectNamed(job.error, 'stale_reading');
    expect(site.sent).toEqual([]);
  });

  it('connections that do not end, where the plan says to stop: nothing changed, in service again', async () => {
    site.connections = 3;
    const job = await engine.ended(await engine.start(await draw({ whenTimeIsUp: 'stop' })));
    expect(job.state).toBe('undone');
    expectNamed(job.error, 'connections_remain', 'lb-main-1');
    expect(job.error?.details['seen']).toBe('6 of 6 connections go on after 0 s');
    expect(site.sent.filter((line) => line.startsWith('online'))).toHaveLength(2);
    expectAsBefore();
    expect(allIn()).toBe(true);
  });

  it('the unit cannot be reached when the server is to come back: asks, and the undo brings everything back', async () => {
    let down = false;
    site.before = () => {
      if (down) throw new EvenkeelError('link_cut', { unit: 'lb-main-1', step: 'read' });
    };
    machine.onBegin = (operation) => void (down ||= operation === 'dead-man-confirm');
    const jobId = await engine.start(await draw());
    const waiting = await engine.ended(jobId);
    expect(waiting).toMatchObject({ state: 'waiting', error: { code: 'link_cut' } });
    down = false;
    site.before = () => undefined;
    await engine.jobs.decide(jobId, 'undo', 'jokafor');
    expect(await engine.ended(jobId)).toMatchObject({ state: 'undone' });
    expectAsBefore();
    expect(allIn()).toBe(true);
  });
});

describe('what was out before', () => {
  it('by hand in one service: stays out there, comes back in the other', async () => {
    site.statuses.set('ICA_WEB/ICA_WEB2', 'drained');
    machine.faults = { failOperation: { operation: 'lan', message: 'no' } };
    expect(await engine.ended(await engine.start(await draw()))).toMatchObject({ state: 'undone' });
    expect(site.statuses.get('ICA_WEB/ICA_WEB2')).toBe('drained');
    expect(site.statuses.get('ICA_DICOM/ICA_DICOM2')).toBe('online');
    expect(site.sent).toEqual(['drain ICA_DICOM ICA_DICOM2', 'online ICA_DICOM ICA_DICOM2']);
  });
});

describe('a pair that fails over', () => {
  it('between drain and online: the unit that carries it then brings the server online', async () => {
    machine.onBegin = (operation) => {
      if (operation === 'lan') site.active = 'u2';
    };
    const job = await engine.ended(await engine.start(await draw()));
    expect(job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(site.words).toEqual([
      { unitId: 'u1', text: 'drain ICA_WEB ICA_WEB2' },
      { unitId: 'u1', text: 'drain ICA_DICOM ICA_DICOM2' },
      { unitId: 'u2', text: 'online ICA_WEB ICA_WEB2' },
      { unitId: 'u2', text: 'online ICA_DICOM ICA_DICOM2' },
    ]);
    expect(allIn()).toBe(true);
  });

  it('before a failure: the undo, too, speaks to the unit that carries it', async () => {
    machine.faults = { failOperation: { operation: 'lan', message: 'no' } };
    machine.onBegin = (operation) => {
      if (operation === 'lan') site.active = 'u2';
    };
    expect(await engine.ended(await engine.start(await draw()))).toMatchObject({ state: 'undone' });
    expect(site.words.filter(({ unitId }) => unitId === 'u2').map(({ text }) => text)).toEqual([
      'online ICA_WEB ICA_WEB2',
      'online ICA_DICOM ICA_DICOM2',
    ]);
    expect(allIn()).toBe(true);
  });

  it('while connections end, to a unit that has the server in service: drained there too', async () => {
    site.connections = 3;
    site.failoverMs = 10_000;
    let reads = 0;
    site.before = (_, action) => {
      if (action !== 'read') return;
      reads += 1;
      if (reads !== 4) return;
      site.active = 'u2';
      site.statuses.set('ICA_WEB/ICA_WEB2', 'online');
    };
    const job = await engine.ended(await engine.start(await draw({ drainSeconds: 1 })));
    expect(job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(site.words).toContainEqual({ unitId: 'u2', text: 'drain ICA_WEB ICA_WEB2' });
    expect(allIn()).toBe(true);
  });
});

describe('online at one of several ports only', () => {
  it('does not count as back in service', async () => {
    machine.onBegin = (operation) => {
      if (operation === 'dead-man-confirm') site.partly.add('ICA_WEB2');
    };
    const jobId = await engine.start(await draw());
    const until = Date.now() + 10_000;
    const waits = async () =>
      (await engine.jobs.detail(jobId)).journal.some(
        ({ stepId, state }) => stepId.includes('online') && state === 'running',
      );
    while (!(await waits()) && Date.now() < until) await new Promise((resolve) => setImmediate(resolve));
    expect(await waits()).toBe(true);
    site.partly.clear();
    expect(await engine.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'proved' });
  });

  it('before already: more than that is not waited for, and it is told', async () => {
    site.partly.add('ICA_WEB2');
    const jobId = await engine.start(await draw());
    expect(await engine.ended(jobId)).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    const notes = (await engine.jobs.detail(jobId)).journal.flatMap((entry) => entry.notes);
    expect(notes).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        text: 'ICA_WEB2 was in service at some of its ports only before, in ICA_WEB: more is not waited for.',
      }),
    );
    expect(notes.filter(({ text }) => text.startsWith('ICA_DICOM2 was in service'))).toEqual([]);
    expect(allIn()).toBe(true);
  });

  it('before already, and taken back: in service at those ports again', async () => {
    site.partly.add('ICA_WEB2');
    machine.faults = { failOperation: { operation: 'lan', message: 'no' } };
    expect(await engine.ended(await engine.start(await draw()))).toMatchObject({ state: 'undone' });
    expectAsBefore();
    expect(allIn()).toBe(true);
  });
});
