import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index';
import { context, named, openSite, operator, serverNamed, services, type Site } from './site';

let site: Site;
const readAll = () => site.overview.overview.readNow([], context.signal);
const plan = (nodeId: string, action: 'drain' | 'halt' | 'online', overrideName: string | null = null) =>
  named(site.overview.handlers.calls, 'overview.planAvailability')({ nodeId, action, overrideName }, context);

beforeAll(async () => {
  site = await openSite();
  await site.practice.practice.open({ scenario: 'two-sites', seed: 1, speed: 20 }, operator);
  await readAll();
});
afterAll(() => site.close());

describe('the two-sites estate, read over SSH and WinRM', () => {
  it('has the pairs, services and servers of the practice site, all in the form of the contract', () => {
    const nodes = [...site.overview.overview.board.nodes.values()];
    for (const node of nodes) expect(contract.streams['overview.live'].item.safeParse(node).error).toBeUndefined();
    for (const item of site.inventory.inventory.items()) {
      expect(contract.streams['inventory.live'].item.safeParse(item).error).toBeUndefined();
    }
    const count = (kind: string): number => nodes.filter((node) => node.kind === kind).length;
    expect([count('site'), count('pair'), count('unit'), count('service'), count('server')]).toEqual([2, 2, 4, 6, 14]);
    expect(contract.calls['practice.status'].output.safeParse(site.practice.practice.status()).error).toBeUndefined();
  });

  it('names the active unit, its version and its modelled address', () => {
    const nodes = site.overview.overview.board.nodes;
    expect(nodes.get('practice:lb-main-1')).toMatchObject({
      ...{ haState: 'active', address: '192.168.100.11', role: 'primary', state: 'healthy', via: 'ssh' },
      version: expect.stringMatching(/^8\.13\./) as string,
    });
    expect(nodes.get('practice-pair:lb-main')).toMatchObject({ name: 'lb-main', state: 'healthy', word: 'in sync' });
  });

  it('shows a drained and a failed real server as what they are', () => {
    expect(serverNamed(site, 'HL7_B')).toMatchObject({ state: 'drained', receives: false, dr: 'not-needed' });
    expect(serverNamed(site, 'VNA_DICOM2')).toMatchObject({ state: 'failed', receives: false });
    expect(services(site).find((node) => node.name === 'VNA_DICOM')?.word).toBe('1 of 2 failed');
  });

  it('links Windows servers to the services that use their address', () => {
    const item = site.inventory.inventory.item('practice:ICA-APP02');
    expect(item?.kind === 'windows' && item.services.map((link) => link.label)).toEqual(['ICA_WEB2', 'ICA_DICOM2']);
    expect(serverNamed(site, 'ICA_WEB2').windowsName).toBe('ICA-APP02');
  });

  it('does not show as healthy what the server side says nothing good about', () => {
    const at = Date.now() - 23 * 60_000;
    site.dr.set('practice:ICA-APP02', { verdict: 'fix-missing', word: 'no address', readAt: at, pending: false });
    site.dr.set('practice:MWL-SRV02', { verdict: 'unknown', word: 'not read 23 m', readAt: at, pending: false });
    site.overview.overview.serversChanged();
    expect(serverNamed(site, 'ICA_WEB2')).toMatchObject({
      state: 'degraded',
      word: 'needs DR fix',
      drWord: 'no address',
    });
    expect(serverNamed(site, 'MWL2')).toMatchObject({ state: 'unknown', word: 'unknown 23 m' });
    expect(
      services(site)
        .map((node) => `${node.name} ${node.word}`)
        .sort(),
    ).toEqual([
      'HL7_IN 1 of 2 in service',
      'ICA_DICOM 1 of 3 needs DR fix',
      'ICA_WEB 1 of 3 needs DR fix',
      'MWL_DICOM 1 of 2 cannot be read',
      'VNA_DICOM 1 of 2 failed',
      'VNA_WEB 2 of 2 in service',
    ]);
  });

  it('notes the changes as history', async () => {
    const history = await named(site.overview.handlers.calls, 'overview.history')({ since: 0, limit: 100 }, context);
    expect(history.map((item) => `${item.nodeName}: ${item.from ?? ''} → ${item.to}, ${item.text}`)).toContain(
      'ICA_WEB2: healthy → degraded, needs DR fix: no address',
    );
    const source = await named(site.overview.handlers.streams, 'overview.transitions')({ hours: 4 }, context);
    expect(source.snapshot().size).toBe(history.length);
    source.dispose?.();
  });
});

describe('drain, halt and online', () => {
  const start = async (planId: string) => {
    const { jobId } = await site.jobs.start({
      ...{ planId, reason: 'test', ticket: null, confirmName: null },
      by: operator,
    });
    await site.jobs.wait(jobId, AbortSignal.timeout(50_000));
    return site.jobs.detail(jobId);
  };

  it('drains, says what continues, and reads back that it is so', async () => {
    const drain = await plan(serverNamed(site, 'ICA_WEB1').id, 'drain');
    expect(drain.effect).toMatch(
      /^ICA_WEB1 stops receiving new connections on ICA_WEB\. \d+ connections continue\. ICA_WEB3 carries on\.$/,
    );
    expect(drain.steps[0]?.action.text).toBe(
      "/usr/local/sbin/lbcli --action 'drain' --vip 'ICA_WEB' --rip 'ICA_WEB1' --method api",
    );
    expect(drain.unitIds).toEqual(['practice:lb-main-1', 'practice:lb-main-2']);
    const done = await start(drain.id);
    expect(done.job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(done.proof[0]?.seen).toMatch(/^drained, /);
    await readAll();
    expect(serverNamed(site, 'ICA_WEB1').state).toBe('drained');
  });

  it('refuses to take the last healthy one, unless the service is named', async () => {
    const id = serverNamed(site, 'ICA_WEB3').id;
    await expect(plan(id, 'halt')).rejects.toMatchObject({ code: 'last_healthy_server' });
    await expect(plan(id, 'halt', 'ICA_DICOM')).rejects.toMatchObject({ code: 'last_healthy_server' });
    const forced = await plan(id, 'halt', 'ICA_WEB');
    expect(forced.effect).toMatch(/connections are dropped\. No healthy real server is left on ICA_WEB\.$/);
    expect(forced.warnings).toHaveLength(1);
  });

  it('refuses what is so already, and a plan that the unit has moved on from', async () => {
    const id = serverNamed(site, 'ICA_WEB1').id;
    await expect(plan(id, 'drain')).rejects.toMatchObject({ code: 'plan_empty' });
    const online = await plan(id, 'online');
    const again = await plan(id, 'online');
    expect((await start(online.id)).job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    const late = await start(again.id);
    expect(late.job).toMatchObject({ state: 'failed', error: { code: 'plan_outdated' } });
    await readAll();
    expect(serverNamed(site, 'ICA_WEB1').state).toBe('healthy');
  });
});

describe('things going wrong', () => {
  it('raises an alarm when the host key changed, and sends nothing until it is pinned again', async () => {
    const id = 'practice:lb-annex-1';
    await site.practice.practice.fault('lb-annex-1', { kind: 'changed-host-key' }, operator);
    await site.inventory.inventory.units.forget(id);
    const { failed } = await site.overview.overview.readNow([id], context.signal);
    expect(failed[0]?.error.code).toBe('host_key_changed');
    expect(site.inventory.inventory.item(id)?.error?.code).toBe('host_key_changed');
    expect(site.overview.overview.board.nodes.get(id)).toMatchObject({ state: 'failed', word: 'host key changed' });
    await expect(site.inventory.inventory.units.appliance(id)).rejects.toMatchObject({ code: 'host_key_changed' });
    const audit = await site.audit.list({ before: null, limit: 5, contains: 'identityChanged' });
    expect(audit.map((entry) => entry.subject)).toEqual(['lb-annex-1']);

    const [unit] = site.practice.practice.endpoints().appliances.filter((item) => item.name === 'lb-annex-1');
    const pins = { sshHostKey: unit?.ssh.hostKeySha256 ?? null, certificate: null };
    await named(site.inventory.handlers.calls, 'inventory.repin')({ unitId: id, ...pins }, context);
    expect((await site.overview.overview.readNow([id], context.signal)).failed).toEqual([]);
    expect(site.inventory.inventory.item(id)?.error).toBeNull();
  });

  it('counts a unit as down after two failures in a row, and as back after one success', async () => {
    const id = 'practice:lb-annex-1';
    const word = () => (site.overview.overview.board.nodes.get(id) as { word: string }).word;
    await site.practice.practice.fault('lb-annex-1', { kind: 'refuse' }, operator);
    await site.inventory.inventory.units.forget(id);
    await site.overview.overview.readNow([id], context.signal);
    expect(word()).not.toBe('does not answer');
    await site.overview.overview.readNow([id], context.signal);
    expect(word()).toBe('does not answer');
    await site.practice.practice.fault('lb-annex-1', { kind: 'clear' }, operator);
    await site.overview.overview.readNow([id], context.signal);
    expect(word()).toMatch(/^(active|passive)$/);
  });

  it('keeps the last full reading when only the WebUI still answers, and does not call the unit healthy', async () => {
    const id = 'practice:lb-main-1';
    const before = serverNamed(site, 'ICA_WEB1');
    await site.practice.practice.fault('lb-main-1', { kind: 'wrong-credentials' }, operator);
    await site.inventory.inventory.units.forget(id);
    const { failed } = await site.overview.overview.readNow([id], context.signal);
    expect(failed[0]?.error).toMatchObject({ code: 'login_refused', details: { unit: 'lb-main-1' } });
    await site.overview.overview.readNow([id], context.signal);
    expect(site.overview.overview.board.nodes.get(id)).toMatchObject({ state: 'unknown', word: 'login refused' });
    const after = serverNamed(site, 'ICA_WEB1');
    expect(after).toMatchObject({ state: 'unknown', stale: true, activeConnections: before.activeConnections });
    await site.practice.practice.fault('lb-main-1', { kind: 'clear' }, operator);
    await site.overview.overview.readNow([id], context.signal);
    expect(serverNamed(site, 'ICA_WEB1').state).toBe('healthy');
  });

  it('nothing unexpected was logged', () => expect(site.unexpected).toEqual([]));
});

describe('the practice site', () => {
  it('leaves no unit and no history behind', async () => {
    await site.practice.practice.close(operator);
    expect(site.inventory.inventory.items()).toEqual([]);
    expect(site.overview.overview.board.nodes.size).toBe(0);
    await expect
      .poll(async () => named(site.overview.handlers.calls, 'overview.history')({ since: 0, limit: 100 }, context))
      .toEqual([]);
  });
});
