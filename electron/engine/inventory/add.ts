import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { CallArguments } from '#shared/contract/index';
import type { ApplianceItem, WindowsItem } from '#shared/contract/inventory';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import type { Inventory } from './inventory';
import { hasLogin } from './items';
import type { ApplianceRecord, UnitRecord, WindowsRecord } from './records';
import type { InventoryDeps, WindowsUnit } from './types';

export const noFacts: Omit<ApplianceRecord['facts'], 'pairId'> = {
  pairName: null,
  hostname: null,
  role: null,
  version: null,
  updateNotice: null,
  licence: null,
  peerAddress: null,
  floatingAddresses: [],
  channels: { ssh: 'unknown', webui: 'unknown', api: 'unknown' },
};

/** An id that people can type, and that no other unit ever had: a plan for a removed unit fits nothing else. */
export function newUnitId(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return `${slug || 'unit'}-${randomBytes(3).toString('hex')}`;
}

/**
 * Adds an appliance after reading it once with the pinned identity and the login given. Throws what the reading
 * throws; then nothing is stored.
 */
export async function addAppliance<W extends WindowsUnit>(
  inventory: Inventory<W>,
  deps: InventoryDeps<W>,
  input: CallArguments<'inventory.addAppliance'>,
  context: { readonly signal: AbortSignal; readonly operator: string },
): Promise<ApplianceItem> {
  const { target, name, site, tags, pollSeconds } = input;
  refusePractice(inventory, name);
  const known = sameUnit(inventory, 'appliance', name, target.host, target.sshPort ?? target.webuiPort);
  const { ssh, webui, api, pins } = target;
  if (ssh === null && webui === null && api === null) throw noLogin(name);
  if (ssh !== null && target.sshPort !== null && pins.sshHostKey === null) throw unpinned('host_key_unknown', name);
  if ((webui !== null || api !== null) && pins.certificate === null) throw unpinned('certificate_unknown', name);
  const id = known?.id ?? newUnitId(name);
  const seen = await readOnce(deps, { ...target, id, name }, context.signal);
  return inventory.inTurn(async () => {
    refusePractice(inventory, name);
    sameUnit(inventory, 'appliance', name, target.host, target.sshPort ?? target.webuiPort);
    await inventory.units.keepApplianceLogins(id, { ssh, webui, api });
    const { host, sshPort, webuiPort, snmpPort, giveUpSeconds } = target;
    const record: ApplianceRecord = {
      kind: 'appliance',
      id,
      name,
      site,
      practice: false,
      sequence: known?.sequence ?? inventory.nextSequence(),
      alarm: null,
      settings: {
        ...{ host, address: host, sshPort, webuiPort, snmpPort, giveUpSeconds, pollSeconds, pins, tags },
        sshUsername: ssh?.username ?? null,
        logins: { ssh: ssh !== null, webui: webui !== null, api: api !== null },
      },
      facts: firstFacts(id, seen),
    };
    await inventory.units.forget(id);
    await inventory.put([record]);
    await deps.audit({ who: context.operator, what: 'inventory.added', subject: name, details: { host, ...pins } });
    return itemOf(inventory, id, 'appliance');
  });
}

/** Adds a Windows server after it said who it is, by the login given. Throws what that throws; then nothing is stored. */
export async function addWindows<W extends WindowsUnit>(
  inventory: Inventory<W>,
  deps: InventoryDeps<W>,
  input: CallArguments<'inventory.addWindows'>,
  context: { readonly signal: AbortSignal; readonly operator: string },
): Promise<WindowsItem> {
  const { target, name, site, tags } = input;
  refusePractice(inventory, name);
  const known = sameUnit(inventory, 'windows', name, target.host, target.port);
  const { login, pins, host, port, transport, way = 'stored' } = target;
  if (login === null && way === 'stored') throw noLogin(name);
  // By this computer's sign-on Windows itself checks the certificate; an account of ours goes to a pinned one only.
  if (login !== null && transport === 'https' && pins.certificate === null) throw unpinned('certificate_unknown', name);
  const id = known?.id ?? newUnitId(name);
  const server = deps.createWindows({ ...target, id, name });
  const identity = await deps.identifyWindows(server, context.signal).finally(() => server.close());
  const own = isIP(host) === 0 ? [] : [host];
  const addresses = [...new Set(input.addresses.length > 0 ? input.addresses : [...own, ...identity.addresses])];
  return inventory.inTurn(async () => {
    refusePractice(inventory, name);
    sameUnit(inventory, 'windows', name, host, port);
    if (login !== null) await inventory.units.keepWindowsLogin(id, login);
    const account = { username: login?.username ?? '', domain: login?.domain ?? '', login: login !== null };
    const record: WindowsRecord = {
      kind: 'windows',
      id,
      name,
      site,
      practice: false,
      sequence: known?.sequence ?? inventory.nextSequence(),
      alarm: null,
      settings: { host, port, transport, addresses: addresses.slice(0, 64), way, ...account, pins, tags },
      facts: { osName: identity.osName, computerName: identity.computerName },
    };
    await inventory.units.forget(id);
    await inventory.put([record]);
    await deps.audit({ who: context.operator, what: 'inventory.added', subject: name, details: { host, ...pins } });
    return itemOf(inventory, id, 'windows');
  });
}

/** Tries each login by itself: a refused one must not hide behind another channel that answers. */
async function readOnce<W extends WindowsUnit>(
  deps: InventoryDeps<W>,
  access: Parameters<InventoryDeps<W>['createAppliance']>[0],
  signal: AbortSignal,
): Promise<FirstReading> {
  const none = { ssh: null, webui: null, api: null };
  const { ssh, webui, api } = access;
  const ways: (typeof access)[] = [];
  if (ssh !== null) ways.push({ ...access, ...none, ssh });
  if (api !== null) ways.push({ ...access, ...none, api });
  if (webui !== null) ways.push({ ...access, ...none, webui });
  const read = async (way: typeof access): Promise<ApplianceReading> => {
    const appliance = deps.createAppliance(way);
    return appliance.read(signal).finally(() => appliance.close());
  };
  const readings = await Promise.all(ways.map(read));
  const channels = { ...noFacts.channels };
  for (const { via } of readings) channels[via] = 'ok';
  return { reading: readings[0] ?? null, channels };
}

interface FirstReading {
  /** Of the best channel: SSH, then the API, then the WebUI. */
  readonly reading: ApplianceReading | null;
  readonly channels: ApplianceRecord['facts']['channels'];
}

function firstFacts(id: string, { reading, channels }: FirstReading): ApplianceRecord['facts'] {
  if (reading === null) return { ...noFacts, pairId: `pair-${id}` };
  const { hostname, version, updateNotice, licence, ha } = reading;
  return {
    pairId: `pair-${id}`,
    pairName: null,
    ...{ hostname, version, licence, role: ha.role, peerAddress: ha.peerAddress, channels },
    updateNotice: updateNotice === '' ? null : updateNotice,
    floatingAddresses: [...ha.floatingAddresses],
  };
}

export function refusePractice<W extends WindowsUnit>(inventory: Inventory<W>, unit: string): void {
  if (!inventory.allRecords().some((record) => record.practice)) return;
  throw new EvenkeelError('practice_mixed', {
    unit,
    step: 'adding to the inventory',
    unchanged: 'The unit was not added.',
    advice: 'Close the practice site first.',
  });
}

/** A unit that an import left without a login may be completed; any other of that name or address is a conflict. */
function sameUnit<W extends WindowsUnit>(
  inventory: Inventory<W>,
  kind: UnitRecord['kind'],
  name: string,
  host: string,
  port: number,
): UnitRecord | null {
  const same = inventory.allRecords().filter((record) => isSame(record, kind, name, host, port));
  const [first] = same;
  if (!first) return null;
  if (same.length === 1 && first.kind === kind && first.name === name && !hasLogin(first)) return first;
  throw new EvenkeelError('conflict', {
    unit: first.name,
    step: 'adding to the inventory',
    unchanged: 'The inventory was left as it was.',
    advice: 'Choose another name, or remove the unit that has this name or address.',
  });
}

/** One name, or one host and port: units behind a tunnel may share their host. */
export function isSame(record: UnitRecord, kind: string, name: string, host: string, port: number | null): boolean {
  if (record.name.toLowerCase() === name.toLowerCase()) return true;
  if (record.kind !== kind || record.settings.host.toLowerCase() !== host.toLowerCase()) return false;
  return port === null || portOf(record) === port;
}

function portOf(record: UnitRecord): number {
  return record.kind === 'windows' ? record.settings.port : (record.settings.sshPort ?? record.settings.webuiPort);
}

function itemOf<W extends WindowsUnit, K extends 'appliance' | 'windows'>(
  inventory: Inventory<W>,
  id: string,
  kind: K,
): Extract<ApplianceItem | WindowsItem, { kind: K }> {
  const item = inventory.item(id);
  if (item?.kind !== kind) throw new EvenkeelError('not_found', { step: 'inventory', unitId: id });
  return item as Extract<ApplianceItem | WindowsItem, { kind: K }>;
}

function unpinned(code: 'host_key_unknown' | 'certificate_unknown', unit: string): EvenkeelError {
  return new EvenkeelError(code, {
    unit,
    step: 'adding to the inventory',
    unchanged: 'Nothing secret was sent and nothing was stored.',
    advice: 'Compare the fingerprint with the unit and confirm it.',
  });
}

function noLogin(unit: string): EvenkeelError {
  return new EvenkeelError('secret_missing', {
    unit,
    step: 'adding to the inventory',
    unchanged: 'Nothing was sent and nothing was stored.',
    advice: 'Give a login for at least one channel.',
  });
}
