import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createWindowsServer, type WindowsServer } from '#engine/windows/index';
import type { PracticeFault } from '#shared/contract/practice';
import { loopbackRef, type SettingOperation, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import { EvenkeelError, type ErrorShape } from '#shared/errors';
import { openSite, type OpenSite } from './site';

// Untouched in the guide's scenario: it has no loopback adapter yet.
const name = 'ICA-APP02';
let open: OpenSite;
const clients: WindowsServer[] = [];

beforeAll(async () => {
  open = await openSite('guide');
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await open.site.fault(name, { kind: 'clear' });
  const client = server();
  await client.run([{ operation: 'remove-device', input: { adapter: loopbackRef(null) } }], options());
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await open.close();
});

const options = () => ({ signal: new AbortController().signal });
const fault = (wanted: PracticeFault) => open.site.fault(name, wanted);

function server(): WindowsServer {
  const unit = open.site.units().windows.find((item) => item.name === name);
  if (unit === undefined) throw new Error(`no ${name}`);
  const { host, port, transport, login, certificateSha256 } = unit;
  const client = createWindowsServer({
    ...{ id: name, name, host, port, transport, login },
    pins: { certificate: pinned ?? certificateSha256 },
  });
  clients.push(client);
  return client;
}
let pinned: string | null = null;

async function failureOf(...operations: WindowsOperation[]): Promise<ErrorShape> {
  try {
    await server().run(operations, options());
  } catch (error) {
    if (error instanceof EvenkeelError) return error.toShape();
    throw error;
  }
  throw new Error('it did not fail');
}

const install: WindowsOperation = { operation: 'ensure-device', input: { name: 'loopback' } };
const bind: WindowsOperation = {
  operation: 'bindings',
  input: { adapter: loopbackRef(null), others: 'off', set: [{ component: 'ms_tcpip', enabled: true }], netbios: 'off' },
};
const address: WindowsOperation = {
  operation: 'addresses',
  input: {
    adapter: loopbackRef(null),
    remove: [],
    add: [{ address: '192.168.100.100', prefixLength: 32, skipAsSource: true }],
    update: [],
    waitSeconds: 15,
  },
};
const loopbacks = async (): Promise<number> => {
  const state = await server().readState(options().signal);
  return state.adapters.filter((adapter) => adapter.hardwareId === '*MSLOOP').length;
};

describe('a fault of a practice Windows server, as the client tells it', () => {
  it.each([
    [{ kind: 'winrm-off' }, 'connect_refused'],
    [{ kind: 'wrong-credentials' }, 'login_refused'],
    [{ kind: 'account-locked' }, 'account_locked'],
    [{ kind: 'filtered-token' }, 'not_administrator'],
    [{ kind: 'shell-quota' }, 'winrm_quota'],
    [{ kind: 'language-mode' }, 'language_restricted'],
    [{ kind: 'addtype-blocked' }, 'code_blocked'],
    [{ kind: 'install-hangs' }, 'driver_timeout'],
    [{ kind: 'duplicate-address' }, 'address_conflict'],
    [{ kind: 'duplicate-address', address: '192.168.100.100' }, 'address_conflict'],
    [{ kind: 'fail-operation' }, 'script_failed'],
    [{ kind: 'fail-operation', operation: 'addresses' }, 'script_failed'],
  ] as const)('%j', async (wanted, code) => {
    await fault(wanted);
    const error = await failureOf(install, bind, address);
    expect(error).toMatchObject({ code, details: { unit: name } });
    expect(error.details.advice ?? error.details['reason']).toMatch(/\w/);
  });

  it('another certificate', async () => {
    pinned = open.site.units().windows.find((item) => item.name === name)?.certificateSha256 ?? null;
    await fault({ kind: 'certificate-changed' });
    expect((await failureOf(install)).code).toBe('certificate_changed');
    pinned = null;
  });

  it('an operation that hangs is waited for until the deadline', async () => {
    await fault({ kind: 'hang-operation', operation: 'bindings' });
    const work = server().run([install, bind], { ...options(), deadlineMs: 1_500 });
    await expect(work).rejects.toMatchObject({ name: 'EvenkeelError' });
    await fault({ kind: 'clear' });
    expect(await loopbacks()).toBe(1);
  });

  it('a link that is lost in the middle: the script is sent once more, and the server holds what was asked', async () => {
    await fault({ kind: 'link-lost', operation: 'bindings' });
    const reconnected = vi.fn();
    const results = await server().run([install, bind, address], { ...options(), onReconnect: reconnected });
    expect(reconnected).toHaveBeenCalledOnce();
    expect(results).toHaveLength(3);
    expect(open.site.status().units.find((unit) => unit.unitName === name)?.faults).toEqual([]);
  });

  it('a restart in the middle: the script ends where it stood, the server comes back', async () => {
    const before = (await server().readState(options().signal)).bootedAt;
    await fault({ kind: 'reboot', operation: 'addresses' });
    const reconnected = vi.fn();
    await server().run([install, bind, address], { ...options(), onReconnect: reconnected });
    expect(reconnected).toHaveBeenCalledOnce();
    expect((await server().readState(options().signal)).bootedAt).not.toBe(before);
  });
});

describe('the dead-man of a practice Windows server', () => {
  const back: SettingOperation[] = [{ operation: 'remove-device', input: { adapter: loopbackRef(null) } }];
  const arm = (job: string, minutes: number): WindowsOperation => ({
    operation: 'dead-man-arm',
    input: { name: job, minutes, operations: back },
  });

  // A minute of this site lasts 60 ms.
  it('takes the change back by the clock of the site, without anybody being connected', async () => {
    const client = server();
    await client.run([arm('by-clock', 1), install], options());
    await client.close();
    await vi.waitFor(async () => expect(await loopbacks()).toBe(0), { timeout: 5_000, interval: 20 });
    const error = await failureOf({ operation: 'dead-man-confirm', input: { name: 'by-clock' } });
    expect(error).toMatchObject({ code: 'dead_man_fired', details: { unit: name, failure: 'dead_man_fired' } });
    expect(error.details['reason']).toMatch(/^Taken back at \d{4}-.*, restored: remove-device removed ROOT/);
  });

  it('takes the change back after a restart that spanned its time', async () => {
    await server().run([arm('over-restart', 5), install], options());
    // Ten minutes of practice time.
    await fault({ kind: 'reboot', seconds: 600 });
    await vi.waitFor(async () => expect(await loopbacks()).toBe(0), { timeout: 15_000, interval: 100 });
    const [read] = await server().run([{ operation: 'dead-man-read', input: { name: 'over-restart' } }], options());
    expect(read?.facts).toMatchObject({ state: 'fired', outcome: 'restored' });
  });

  it('takes the change back when the link is lost for good in the middle of it', async () => {
    await fault({ kind: 'link-lost', operation: 'bindings', seconds: 2_500 });
    const work = server().run([arm('no-link', 10), install, bind], options());
    await expect(work).rejects.toMatchObject({ code: 'connect_refused' });
    await vi.waitFor(async () => expect(await loopbacks()).toBe(0), { timeout: 15_000, interval: 100 });
  });
});
