import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeLine, type ApplianceTarget, type ProbeLine } from '#shared/contract/inventory';
import type { PracticeFault } from '#shared/contract/practice';
import { EvenkeelError } from '#shared/errors';
import { createAppliance, probeAppliance, type Appliance } from '#engine/appliance/index';
import { PracticeSite, type PracticeAppliance } from '#engine/practice-site/index';

const never = new AbortController().signal;

async function failure(work: Promise<unknown>): Promise<EvenkeelError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EvenkeelError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('appliance driver against the practice site', () => {
  let folder: string;
  let site: PracticeSite;
  const open: Appliance[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-practice-'));
    const archiveBytes = 3_000_000;
    site = await PracticeSite.open({ scenario: 'guide', seed: 1, speed: 1_000, folder, signal: never, archiveBytes });
  });
  afterEach(async () => {
    for (const unit of site.units().appliances) await site.fault(unit.name, { kind: 'clear' });
    await Promise.all(open.splice(0).map((unit) => unit.close()));
  });
  afterAll(async () => {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function unitOf(which: 0 | 1): PracticeAppliance {
    const unit = site.units().appliances[which];
    if (!unit) throw new Error('no such practice unit');
    return unit;
  }

  function targetOf(which: 0 | 1): ApplianceTarget {
    const unit = unitOf(which);
    return {
      host: unit.host,
      sshPort: unit.sshPort,
      webuiPort: unit.webuiPort,
      snmpPort: null,
      ssh: { kind: 'password', ...unit.ssh },
      webui: unit.webui,
      api: unit.api,
      pins: { sshHostKey: unit.sshHostKeySha256, certificate: unit.certificateSha256 },
      giveUpSeconds: 4,
    };
  }

  function appliance(which: 0 | 1, change: Partial<ApplianceTarget> = {}): Appliance {
    const made = createAppliance({ ...targetOf(which), ...change, id: `unit-${which}`, name: unitOf(which).name });
    open.push(made);
    return made;
  }

  const fault = (which: 0 | 1, what: PracticeFault): Promise<void> => site.fault(unitOf(which).name, what);

  async function stateOf(unit: Appliance, service: string, server: string): Promise<string | null | undefined> {
    const { services } = await unit.read(never);
    return services.find(({ name }) => name === service)?.realServers.find(({ name }) => name === server)?.status;
  }

  it('reads the guide’s services of the active unit without gaps', async () => {
    const reading = await appliance(0).read(never);
    expect(reading.gaps).toEqual([]);
    expect(reading).toMatchObject({
      via: 'ssh',
      hostname: unitOf(0).name,
      ha: { role: 'primary', state: 'active', peerAddress: unitOf(1).modelAddress, peerAlive: true },
    });
    const web = reading.services.find(({ name }) => name === 'ICA_WEB');
    expect(web).toMatchObject({
      layer: 4,
      ports: '80,443',
      method: 'gate',
      check: { type: 'connect', port: 443 },
      onFallback: false,
    });
    expect(reading.services.filter(({ layer }) => layer === 7)).toHaveLength(2);
    expect(reading.services.flatMap(({ realServers }) => realServers).filter(({ status }) => status === null)).toEqual(
      [],
    );
  });

  it('drains, halts and brings back over SSH and over the API, as the next reading shows', async () => {
    const unit = appliance(0);
    const byApi = appliance(0, { ssh: null, webui: null });
    const server = { vip: 'ICA_WEB', rip: 'ICA_WEB1' };
    expect(await unit.drain(server, never)).toMatchObject({ via: 'ssh', status: 'success' });
    expect(await stateOf(unit, 'ICA_WEB', 'ICA_WEB1')).toBe('drained');
    expect(await byApi.halt(server, never)).toMatchObject({ via: 'api', status: 'success' });
    expect(await stateOf(unit, 'ICA_WEB', 'ICA_WEB1')).toBe('halted');
    expect(await stateOf(byApi, 'ICA_WEB', 'ICA_WEB1')).toBe('halted');
    await byApi.online(server, never);
    expect(await stateOf(unit, 'ICA_WEB', 'ICA_WEB1')).toBe('online');
    // By the API alone nobody knows whether its check holds.
    expect(await stateOf(byApi, 'ICA_WEB', 'ICA_WEB1')).toBeNull();
    expect((await failure(unit.drain({ vip: 'ICA_WEB', rip: 'NOBODY' }, never))).code).toBe('not_found');
  });

  it('shows a failed check apart from a halt, with its reason', async () => {
    await fault(0, { kind: 'failing-check', service: 'ICA_DICOM', realServer: 'ICA_DICOM2' });
    const { services } = await appliance(0).read(never);
    const failed = services.flatMap(({ realServers }) => realServers).filter(({ status }) => status === 'failed');
    expect(failed.map(({ name }) => name)).toEqual(['ICA_DICOM2']);
    expect(failed[0]?.checkText).toEqual(expect.any(String));
  });

  it('reads by API and by WebUI what those tell, and names the rest as gaps', async () => {
    const byApi = await appliance(1, { ssh: null }).read(never);
    expect(byApi).toMatchObject({ via: 'api', ha: { role: 'secondary', state: 'passive' } });
    expect(byApi.gaps.map(({ section }) => section)).toContain('ipvs');
    const byWebui = await appliance(1, { ssh: null, api: null }).read(never);
    expect(byWebui).toMatchObject({ via: 'webui', version: byApi.version, services: [] });
    expect(appliance(1, { ssh: null, api: null }).channelsFor('realServerState')).toEqual([]);
  });

  it('uploads, digests on the unit, and removes', async () => {
    const unit = appliance(0);
    const path = '/var/tmp/practice upload';
    const { archive } = site.archive;
    const sent = await unit.upload({ source: archive, path, resume: true }, never);
    const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
    expect(sent).toMatchObject({ sha256, bytes: statSync(archive).size });
    expect(await unit.digest(path, 'sha256', never)).toBe(sha256);
    expect(await unit.stat(path, never)).toEqual({ path, bytes: sent.bytes });
    expect((await unit.freeSpace('/var/tmp', never)).freeBytes).toBeGreaterThan(0);
    await unit.removeFile(path, never);
    expect(await unit.stat(path, never)).toBeNull();
    expect((await failure(unit.digest(path, 'md5', never))).code).toBe('not_found');
  });

  it('names a full disk and keeps nothing under the final name', async () => {
    await fault(0, { kind: 'disk-full' });
    const unit = appliance(0);
    const error = await failure(
      unit.upload({ source: site.archive.archive, path: '/var/tmp/x', resume: false }, never),
    );
    expect(error.code).toBe('remote_disk_full');
    expect(error.details).toMatchObject({ unit: unit.name, step: 'upload' });
    await fault(0, { kind: 'clear' });
    expect(await unit.stat('/var/tmp/x', never)).toBeNull();
  });

  it('takes a backup as a stream with its digest', async () => {
    const into = new PassThrough();
    const chunks: Buffer[] = [];
    into.on('data', (chunk: Buffer) => chunks.push(chunk));
    const outcome = await appliance(0).backup(into, null, never);
    const content = Buffer.concat(chunks);
    expect(outcome).toMatchObject({ via: 'webui', bytes: content.length });
    expect(outcome.fileName).toMatch(/^backup_.*\.tar\.gz$/);
    expect(outcome.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('asks who answers ARP', async () => {
    const answer = await appliance(1).arping(unitOf(0).modelAddress, never);
    expect(answer.macs).toEqual([expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)]);
    // Neighbour solicitation needs a tool that the practice unit has not, as real ones mostly have not.
    expect((await failure(appliance(1).arping('fd4a:7c10:140::100', never))).code).toBe('channel_unavailable');
  });

  it('installs an offline update by the live form, then restarts what the unit asks for', async () => {
    const unit = appliance(1);
    const { archive, checksum } = site.archive;
    const input = {
      archive: { path: archive, name: basename(archive), bytes: statSync(archive).size },
      checksum: { path: checksum, name: basename(checksum) },
    };
    const wrong = { ...input, checksum: { path: archive, name: basename(checksum) } };
    expect((await failure(unit.installUpdate(wrong, never))).code).toBe('update_failed');
    const before = (await unit.read(never)).version;
    let reported = 0;
    const outcome = await unit.installUpdate({ ...input, onProgress: ({ bytes }) => (reported = bytes) }, never);
    expect(outcome.completed).toBe(true);
    expect(reported).toBeGreaterThan(input.archive.bytes);
    const after = await unit.read(never);
    expect(after.version).toBe('8.13.2');
    expect(after.version).not.toBe(before);
    expect(outcome.prompts.map(({ service }) => service).sort()).toEqual([...after.pendingRestarts].sort());
    for (const prompt of outcome.prompts) await unit.restartService(prompt, never);
    expect((await unit.read(never)).pendingRestarts).toEqual([]);
    expect((await failure(unit.installUpdate(input, never))).details.said).toMatch(/already has version/);
  });

  it('moves the floating IPs to the peer', async () => {
    const [first, second] = [appliance(0), appliance(1)];
    await first.failover('standby', never);
    await expect.poll(async () => (await second.read(never)).ha.state, { timeout: 10_000 }).toBe('active');
    await first.failover('takeover', never);
    await expect.poll(async () => (await first.read(never)).ha.state, { timeout: 10_000 }).toBe('active');
  });

  it.each<[string, PracticeFault, string]>([
    ['a refused connection', { kind: 'refuse' }, 'connect_refused'],
    ['a wrong password', { kind: 'wrong-credentials' }, 'login_refused'],
    ['a changed host key', { kind: 'changed-host-key' }, 'host_key_changed'],
    ['a cut link', { kind: 'cut', afterBytes: 6_000 }, 'link_cut'],
  ])('names %s, with unit and step', async (_name, what, code) => {
    const unit = appliance(0, { webui: null, api: null });
    await fault(0, what);
    const error = await failure(unit.read(never));
    expect(error.code).toBe(code);
    expect(error.details.unit).toBe(unitOf(0).name);
    expect(error.details.step).toEqual(expect.any(String));
  });

  it('does not pass over a changed host key, even where another channel would answer', async () => {
    const unit = appliance(0);
    await fault(0, { kind: 'changed-host-key' });
    expect((await failure(unit.read(never))).code).toBe('host_key_changed');
    expect((await failure(unit.drain({ vip: 'ICA_WEB', rip: 'ICA_WEB1' }, never))).code).toBe('host_key_changed');
  });

  it('sends nothing to a WebUI whose certificate is not the pinned one', async () => {
    const pins = { sshHostKey: null, certificate: 'ab'.repeat(32) };
    const changed = await failure(appliance(0, { ssh: null, api: null, pins }).read(never));
    expect(changed.code).toBe('certificate_changed');
    expect(changed.details['fingerprint']).toBe(unitOf(0).certificateSha256);
    const unknown = await failure(
      appliance(0, { ssh: null, api: null, pins: { sshHostKey: null, certificate: null } }).read(never),
    );
    expect(unknown.code).toBe('certificate_unknown');
  });

  async function probed(target: ApplianceTarget): Promise<ReadonlyMap<string, ProbeLine>> {
    const lines = new Map<string, ProbeLine>();
    for await (const line of probeAppliance(target, never)) lines.set(line.key, probeLine.parse(line));
    return lines;
  }

  it('probes: without pins it asks for both fingerprints and logs in nowhere', async () => {
    const lines = await probed({ ...targetOf(0), pins: { sshHostKey: null, certificate: null } });
    expect(lines.get('ssh.hostkey')).toMatchObject({
      state: 'ask',
      fingerprint: { sha256: unitOf(0).sshHostKeySha256 },
    });
    expect(lines.get('webui.certificate')).toMatchObject({
      state: 'ask',
      fingerprint: { sha256: unitOf(0).certificateSha256 },
    });
    expect(lines.get('ssh.login')?.state).toBe('waiting');
    expect(lines.get('webui.login')?.state).toBe('waiting');
  });

  it('probes: with pins it finds identity, peer, version, rights and services', async () => {
    const lines = await probed(targetOf(0));
    expect([...lines.values()].filter(({ state }) => ['failed', 'waiting', 'running'].includes(state))).toEqual([]);
    expect(lines.get('webui.identity')?.text).toMatch(/^lb-practice-1, Primary; its peer is lb-practice-2 at /);
    expect(lines.get('webui.version')?.text).toMatch(/^8\.13\.\d, supported \(8\.9\.1 or later\)/);
    expect(lines.get('found.peer')).toMatchObject({ label: 'lb-practice-2', text: 'Secondary' });
    expect(lines.get('found.services')?.text).toContain('ICA_WEB, ICA_DICOM');
  });

  it('probes: a refused login and a refused connection are lines, not errors', async () => {
    const wrong = { username: 'root', password: 'wrong' };
    const lines = await probed({ ...targetOf(0), ssh: { kind: 'password', ...wrong }, webui: wrong, api: null });
    expect(lines.get('ssh.login')).toMatchObject({ state: 'failed', error: { code: 'login_refused' } });
    expect(lines.get('webui.login')).toMatchObject({ state: 'failed', error: { code: 'login_refused' } });
    expect(lines.get('others.api')?.state).toBe('off');
    expect(JSON.stringify([...lines.values()])).not.toContain('"wrong"');
    await fault(1, { kind: 'refuse' });
    const refused = await probed(targetOf(1));
    expect(refused.get('ssh.reachable')).toMatchObject({ state: 'failed', error: { code: 'connect_refused' } });
    expect(refused.get('webui.reachable')).toMatchObject({ state: 'failed', error: { code: 'connect_refused' } });
  });

  it('probes: without SSH the API tells who the unit is', async () => {
    const lines = await probed({ ...targetOf(1), ssh: null });
    expect(lines.get('webui.identity')?.text).toMatch(/^lb-practice-2, Secondary; its peer is /);
    expect(lines.get('rights.read')?.state).toBe('waiting');
    const webuiOnly = await probed({ ...targetOf(1), sshPort: null, ssh: null, api: null });
    expect(webuiOnly.get('webui.identity')?.state).toBe('unknown');
    expect(webuiOnly.get('webui.version')?.text).toMatch(/^8\.13\.\d, supported/);
    expect(webuiOnly.get('rights.read')?.state).toBe('off');
  });
});
