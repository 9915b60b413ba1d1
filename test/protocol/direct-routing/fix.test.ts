import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drOptions, type DrCell, type DrItem, type DrOptions } from '#shared/contract/direct-routing';
import { sameConfiguration } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import {
  lanAdapter,
  rightServer,
  server,
  strongHost,
  untouchedServer,
} from '#test/unit/direct-routing/windows-fixtures';
import { newFolder, openEngine, openMachine, openSite, removeFolder, type Running, type Site } from './site';

let folder: string;
let site: Site;
let engine: Running;
const context = { signal: new AbortController().signal, operator: 'jokafor' };

const at = (address: string, mac: string, over: Parameters<typeof lanAdapter>[0] = {}) =>
  lanAdapter({ mac, addresses: [{ address, prefixLength: 24, skipAsSource: false, state: 'Preferred' }], ...over });

beforeEach(async () => {
  folder = await newFolder();
  const right = rightServer();
  const first = server([
    at('192.168.100.110', '00-50-56-9C-02-10', { ipv4: { ...strongHost, weakHostReceive: true } }),
    ...right.adapters.slice(1),
  ]);
  site = openSite([
    await openMachine('w1', 'ICA-APP01', '192.168.100.110', first),
    await openMachine('w2', 'ICA-APP02', '192.168.100.111', untouchedServer()),
    await openMachine(
      'w3',
      'ICA-APP03',
      '192.168.100.112',
      server([at('192.168.100.112', '00-50-56-9C-02-12', { name: 'Netzwerk' })]),
    ),
  ]);
  engine = await openEngine(folder, site);
});

afterEach(async () => {
  await engine.close();
  await site.close();
  await removeFolder(folder);
});

const calls = () => engine.directRouting.handlers.calls;
const options = drOptions.parse({});
const plan = (...windowsIds: string[]) => calls()['directRouting.plan']({ windowsIds, options }, context);
const machine = (index: number) => {
  const found = site.machines[index];
  if (found === undefined) throw new Error(`no machine ${index}`);
  return found;
};

async function matrix(): Promise<readonly DrItem[]> {
  return calls()['directRouting.matrix']({}, context);
}

async function cellWords(rowEnds: string): Promise<readonly string[]> {
  const cells = (await matrix()).filter((item): item is DrCell => item.kind === 'cell' && item.rowId.endsWith(rowEnds));
  return cells.map((cell) => `${cell.applianceWord} | ${cell.serverWord}`);
}

async function failure(work: Promise<unknown>): Promise<EvenkeelError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EvenkeelError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the Direct Routing fix of one server', () => {
  it('is drawn up, applied, proved, shown, and leaves nothing to do', async () => {
    await calls()['directRouting.read']({ windowsIds: [] }, context);
    expect(await cellWords('/w1')).toEqual(['in, weight 100 | proved', 'in, weight 100 | proved']);
    expect(await cellWords('/w2')).toEqual(['in, weight 100 | no address', 'in, weight 100 | no address']);

    const drawn = await plan('w2');
    expect(drawn.steps.map((step) => step.title)).toEqual([
      ...[
        'Guard',
        'Drain',
        'Snapshot',
        'Arm',
        'Install',
        'Bindings',
        'Interface',
        'Address',
        'LAN',
        'Verify',
        'Wire',
        'Confirm',
        'Online',
      ],
    ]);
    expect(drawn.steps[0]?.sentence).toBe(
      'ICA_WEB keeps 1 of 3 servers in service; ICA_DICOM keeps 1 of 3 servers in service',
    );
    expect(drawn.warnings).toContain('ICA_WEB3 stays in service in ICA_WEB but lacks the fix too and does not count.');
    expect(drawn.effect).toContain('ICA-APP01 carries ICA_WEB and ICA_DICOM.');
    expect(
      drawn.changes.filter((row) => row.changed).map((row) => `${row.item}: ${row.before} > ${row.after}`),
    ).toContain('192.168.100.100: absent > /32, SkipAsSource');
    expect(site.sent).toEqual([]);

    const job = await engine.ended(await engine.start(drawn));
    expect({ state: job.state, verdict: job.verdict, error: job.error }).toEqual({
      state: 'succeeded',
      verdict: 'proved',
      error: null,
    });
    expect(site.sent).toEqual([
      'drain ICA_WEB ICA_WEB2',
      'drain ICA_DICOM ICA_DICOM2',
      'online ICA_WEB ICA_WEB2',
      'online ICA_DICOM ICA_DICOM2',
    ]);
    expect(await cellWords('/w2')).toEqual(['in, weight 100 | proved', 'in, weight 100 | proved']);
    expect((await matrix()).find((item) => item.kind === 'fix')).toMatchObject({
      name: 'ICA-APP02',
      by: 'jokafor',
      proved: true,
      undo: 'offered',
    });
    expect((await failure(plan('w2'))).code).toBe('plan_empty');
  });

  it('is undone from its snapshot to exactly what was there, and offered no second time', async () => {
    const before = machine(1).state;
    await engine.ended(await engine.start(await plan('w2')));
    expect(sameConfiguration(machine(1).state, before)).toBe(false);

    const undo = await calls()['directRouting.planUndo']({ windowsId: 'w2', options }, context);
    const job = await engine.ended(await engine.start(undo));
    expect({ state: job.state, verdict: job.verdict, error: job.error }).toEqual({
      state: 'succeeded',
      verdict: 'proved',
      error: null,
    });
    expect(sameConfiguration(machine(1).state, before)).toBe(true);
    expect(machine(1).state.adapters.map((adapter) => adapter.name)).toEqual(['net']);
    expect((await matrix()).find((item) => item.kind === 'fix')).toMatchObject({ undo: 'undone' });
    expect((await failure(calls()['directRouting.planUndo']({ windowsId: 'w2', options }, context))).code).toBe(
      'not_found',
    );
  });

  it('is taken back when a step fails, and the server is in service again', async () => {
    const before = machine(1).state;
    machine(1).faults = { failOperation: { operation: 'lan', message: 'no such luck' } };
    const job = await engine.ended(await engine.start(await plan('w2')));
    expect(job.state).toBe('undone');
    expect(job.error?.code).toBe('script_failed');
    expect(job.error?.details['unit']).toBe('ICA-APP02');
    expect(sameConfiguration(machine(1).state, before)).toBe(true);
    expect([...site.statuses.values()].every((status) => status === 'online')).toBe(true);
    expect((await matrix()).filter((item) => item.kind === 'fix')).toEqual([]);
  });

  it('leaves a server out of service that was out before', async () => {
    site.statuses.set('ICA_WEB/ICA_WEB2', 'halted');
    site.statuses.set('ICA_DICOM/ICA_DICOM2', 'drained');
    const drawn = await plan('w2');
    expect(drawn.steps.map((step) => step.title)).not.toContain('Drain');
    const job = await engine.ended(await engine.start(drawn));
    expect(job.verdict).toBe('proved');
    expect(site.sent).toEqual([]);
  });

  it('refuses to take the last healthy server of a service, at the plan and at the run', async () => {
    const drawn = await plan('w2');
    site.statuses.set('ICA_DICOM/ICA_DICOM1', 'failed');
    site.statuses.set('ICA_DICOM/ICA_DICOM3', 'halted');
    const refused = await failure(plan('w2'));
    expect(refused.code).toBe('last_healthy_server');
    expect(refused.details['service']).toBe('ICA_DICOM');
    const job = await engine.ended(await engine.start(drawn));
    expect(job.error?.code).toBe('last_healthy_server');
    expect(site.sent).toEqual([]);
    expect(sameConfiguration(machine(1).state, untouchedServer())).toBe(true);
  });

  it('tells at the plan and in the journal when no server that stays is proved to hold the fix', async () => {
    site.statuses.set('ICA_WEB/ICA_WEB1', 'halted');
    const drawn = await plan('w2');
    const warning = 'No server that is proved to hold the fix stays in service in ICA_WEB.';
    expect(drawn.warnings).toContain(warning);
    const jobId = await engine.start(drawn);
    expect((await engine.ended(jobId)).verdict).toBe('proved');
    const [guard] = (await engine.jobs.detail(jobId)).journal;
    expect(guard?.notes.map(({ text }) => text)).toContain(warning);
  });

  it('does not take a drained server with connections for one whose drain is done', async () => {
    const drain = engine.directRouting.catalogue.steps.find(({ kind }) => kind === 'directRouting.drain');
    const input = { unitId: 'u1', servers: [{ vip: 'ICA_WEB', rip: 'ICA_WEB2' }], timeoutSeconds: 5 };
    site.statuses.set('ICA_WEB/ICA_WEB2', 'drained');
    site.connections = 7;
    expect(await drain?.inspect(context as never, input)).toBe('not-done');
    site.connections = null;
    expect(await drain?.inspect(context as never, input)).toBe('not-done');
    site.connections = 0;
    expect(await drain?.inspect(context as never, input)).toBe('done');
  });

  it('refuses when the server changed since the plan, and sends nothing', async () => {
    const drawn = await plan('w2');
    machine(1).state = server([lanAdapter({ name: 'renamed' })]);
    const job = await engine.ended(await engine.start(drawn));
    expect(job.error?.code).toBe('plan_outdated');
    expect(site.sent).toEqual([]);
  });

  it('stops when the address sits on the LAN adapter, and the wire shows who answers', async () => {
    const held = [
      ...lanAdapter().addresses,
      { address: '192.168.100.100', prefixLength: 24, skipAsSource: false, state: 'Preferred' as const },
    ];
    machine(1).state = server([lanAdapter({ addresses: held })]);
    await calls()['directRouting.read']({ windowsIds: [] }, context);
    const items = await matrix();
    expect(items.find((item) => item.kind === 'wire')).toMatchObject({ verdict: 'server-answers' });
    expect(items.find((item) => item.kind === 'row' && item.windowsId === 'w2')).toMatchObject({ wire: 'answers' });
    expect(await cellWords('/w2')).toEqual(['in, weight 100 | address on LAN', 'in, weight 100 | address on LAN']);
    const refused = await failure(plan('w2'));
    expect(refused.code).toBe('address_conflict');
    expect(refused.details['reasons']).toContain(
      '192.168.100.100: The address sits on another adapter, which answers ARP for it. Now on "net", wanted on no other adapter.',
    );
  });

  it('tells that connections go on when they do not end in time', async () => {
    site.connections = 7;
    const jobId = await engine.start(await plan('w2'));
    await engine.ended(jobId);
    const detail = await engine.jobs.detail(jobId);
    const notes = detail.journal.flatMap((entry) => entry.notes.map((note) => note.text));
    expect(notes.some((text) => text.startsWith('14 of 14 connections go on'))).toBe(true);
  });

  it('never takes connections that cannot be counted for none', async () => {
    site.connections = null;
    const jobId = await engine.start(await plan('w2'));
    await engine.ended(jobId);
    const { journal } = await engine.jobs.detail(jobId);
    const notes = journal.flatMap((entry) => entry.notes.map((note) => note.text));
    expect(notes).not.toContain('No active connection is left.');
    expect(notes.some((text) => text.startsWith('How many connections go on after 0 s cannot be read'))).toBe(true);
  });

  it('is given as lines to type, with the real names', async () => {
    const hand = await calls()['directRouting.byHand']({ windowsId: 'w3', options }, context);
    expect(hand.netsh).toContain('netsh interface ipv4 set interface "Netzwerk" weakhostreceive=enabled');
    expect(hand.netsh).toContain('netsh interface ipv4 add address "loopback" 192.168.100.100/32 skipassource=true');
    expect(hand.powershell).toContain(
      'Set-NetIpInterface -InterfaceAlias loopback -WeakHostReceive enabled -WeakHostSend enabled -DadTransmits 0 -AddressFamily IPv4',
    );
    expect(hand.script).toContain('Invoke-Evenkeel ');
  });

  it('is given as lines with the options of the plan', async () => {
    await engine.ended(await engine.start(await plan('w2')));
    const { state } = machine(1);
    machine(1).state = { ...state, firewall: { ...state.firewall, allowRules: [] } };
    await calls()['directRouting.read']({ windowsIds: ['w2'] }, context);
    const lines = (chosen: Partial<DrOptions>) =>
      calls()['directRouting.byHand']({ windowsId: 'w2', options: { ...options, ...chosen } }, context);
    expect((await lines({})).script).toBe('# Nothing to change.');
    const open = await lines({ firewall: true });
    expect(open.netsh).toContain('netsh advfirewall firewall add rule');
    expect(open.powershell).toContain('New-NetFirewallRule');
    expect(open.script).toContain('"firewall"');
    expect(open.undo.netsh).toContain('netsh advfirewall firewall delete rule');
  });
});

describe('the fix of several servers', () => {
  it('takes them one after the other, never two of a service at a time', async () => {
    const drawn = await plan('w1', 'w2', 'w3');
    expect(drawn.title).toBe('Direct Routing fix on ICA-APP02 and ICA-APP03');
    expect(new Set(drawn.steps.map((step) => step.lane))).toEqual(new Set(['w2', 'w3']));
    const job = await engine.ended(await engine.start(drawn));
    expect(job.verdict).toBe('proved');
    expect(site.sent.filter((line) => line.includes('ICA_WEB '))).toEqual([
      'drain ICA_WEB ICA_WEB2',
      'online ICA_WEB ICA_WEB2',
      'drain ICA_WEB ICA_WEB3',
      'online ICA_WEB ICA_WEB3',
    ]);
  });

  it('stops at the first failure and leaves a decision to a person; those done stay done', async () => {
    machine(2).faults = { failOperation: { operation: 'ensure-device', message: 'no' } };
    const jobId = await engine.start(await plan('w2', 'w3'));
    const waiting = await engine.ended(jobId);
    expect(waiting.state).toBe('waiting');
    machine(2).faults = {};
    await engine.jobs.decide(jobId, 'resume', 'jokafor');
    const job = await engine.ended(jobId);
    expect({ state: job.state, verdict: job.verdict }).toEqual({ state: 'succeeded', verdict: 'proved' });
  });

  it('told to, changes servers of one service at the same time, while another one carries on', async () => {
    const met = new Set<string>();
    let both = (): void => undefined;
    const together = new Promise<void>((resolve) => (both = resolve));
    for (const id of [1, 2]) {
      machine(id).onBegin = (operation) => {
        if (operation !== 'bindings') return;
        met.add(machine(id).id);
        if (met.size === 2 && site.statuses.get('ICA_WEB/ICA_WEB2') === 'drained') both();
      };
    }
    const drawn = await calls()['directRouting.plan'](
      { windowsIds: ['w2', 'w3'], options: { ...options, together: true } },
      context,
    );
    expect(drawn.warnings).toContain(
      'Servers of ICA_WEB are changed at the same time; 1 of its servers in service carry on.',
    );
    const job = await engine.ended(await engine.start(drawn));
    expect(job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    await together;
    const web = site.sent.filter((line) => line.includes('ICA_WEB '));
    expect(web.slice(0, 2).every((line) => line.startsWith('drain'))).toBe(true);
  });

  it('told to, but every server of the service is in the plan: one after the other all the same', async () => {
    site.statuses.set('ICA_WEB/ICA_WEB1', 'halted');
    site.statuses.set('ICA_DICOM/ICA_DICOM1', 'halted');
    const drawn = await calls()['directRouting.plan'](
      { windowsIds: ['w2', 'w3'], options: { ...options, together: true } },
      context,
    );
    expect(drawn.warnings).toContain(
      'Every server in service of ICA_WEB is in this plan: they are changed one after the other.',
    );
    expect(drawn.lanes?.items[0]?.excludes).toEqual(['main/ICA_WEB', 'main/ICA_DICOM']);
    expect(await engine.ended(await engine.start(drawn))).toMatchObject({ state: 'succeeded', verdict: 'proved' });
  });

  it('two drains at the same moment never take the last two: the second is refused and its server left alone', async () => {
    const drawn = await calls()['directRouting.plan'](
      { windowsIds: ['w2', 'w3'], options: { ...options, together: true } },
      context,
    );
    let fewest = 3;
    let guards = 0;
    site.before = (_, action) => {
      // The one that was to carry on goes out once both guards have let their server go.
      if (action === 'read') guards += 1;
      if (guards === 3) site.statuses.set('ICA_WEB/ICA_WEB1', 'failed');
      const web = [1, 2, 3].filter((number) => site.statuses.get(`ICA_WEB/ICA_WEB${number}`) === 'online');
      fewest = Math.min(fewest, web.length);
    };
    const job = await engine.ended(await engine.start(drawn));
    expect(job).toMatchObject({ state: 'waiting', error: { code: 'last_healthy_server' } });
    expect(fewest).toBe(1);
    const left = job.error?.details['unit'] === 'ICA-APP02' ? machine(1) : machine(2);
    expect(left.state.adapters.some((adapter) => adapter.hardwareId === '*MSLOOP')).toBe(false);
    expect(['ICA_WEB2', 'ICA_WEB3'].map((label) => site.statuses.get(`ICA_WEB/${label}`))).toEqual([
      'online',
      'online',
    ]);
  });

  it('told to go on, changes the rest after one has failed, and keeps the fixes of those', async () => {
    machine(1).faults = { failOperation: { operation: 'lan', message: 'no' } };
    const drawn = await calls()['directRouting.plan'](
      { windowsIds: ['w2', 'w3'], options: { ...options, onFailure: 'go-on' } },
      context,
    );
    const job = await engine.ended(await engine.start(drawn));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'script_failed', details: { unit: 'ICA-APP02' } } });
    expect([...site.statuses.values()].every((status) => status === 'online')).toBe(true);
    const fixes = (await matrix()).filter((item) => item.kind === 'fix');
    expect(fixes).toMatchObject([{ windowsId: 'w3', proved: true }]);
    expect(machine(1).deadMen).toEqual([]);
  });

  it('cancelled in the middle, takes back the lane under way and keeps the finished', async () => {
    const drawn = await plan('w2', 'w3');
    let begun = (): void => undefined;
    const third = new Promise<void>((resolve) => (begun = resolve));
    machine(2).onBegin = (operation) => operation === 'addresses' && begun();
    const jobId = await engine.start(drawn);
    await third;
    await engine.jobs.cancel(jobId, 'jokafor');
    expect(await engine.ended(jobId)).toMatchObject({ state: 'cancelled' });
    expect(machine(2).state.adapters.some((adapter) => adapter.hardwareId === '*MSLOOP')).toBe(false);
    expect(machine(2).deadMen).toEqual([]);
    expect([...site.statuses.values()].every((status) => status === 'online')).toBe(true);
    expect((await matrix()).filter((item) => item.kind === 'fix')).toMatchObject([{ windowsId: 'w2', proved: true }]);
  });
});
