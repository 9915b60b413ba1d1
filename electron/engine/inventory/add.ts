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
  const known = sameUnit(inventory, 'appliance', name, target.host);
  const { ssh, webui, api, pins } = target;
  if (ssh === null && webui === null && api === null) throw noLogin(name);
  if (ssh !== null && target.sshPort !== null && pins.sshHostKey === null) throw unpinned('host_key_unknown', name);
  if ((webui !== null || api !== null) && pins.certificate === null) throw unpinned('certificate_unknown', name);
  const id = known?.id ?? newUnitId(name);
  const reading = await readOnce(deps, { ...target, id, name }, context.signal);
  return inventory.inTurn(async () => {
    refusePractice(inventory, name);
    sameUnit(inventory, 'appliance', name, target.host);
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
      facts: firstFacts(id, reading),
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
  const known = sameUnit(inventory, 'windows', name, target.host);
  const { login, pins, host, port, transport } = target;
  if (login === null) throw noLogin(name);
  if (transport === 'https' && pins.certificate === null) throw unpinned('certificate_unknown', name);
  const id = known?.id ?? newUnitId(name);
  const server = deps.createWindows({ ...target, id, name });
  const identity = await deps.identifyWindows(server, context.signal).finally(() => server.close());
  const own = isIP(host) === 0 ? [] : [host];
  const addresses = [...new Set(input.addresses.length > 0 ? input.addresses : [...own, ...identity.addresses])];
  return inventory.inTurn(async () => {
    refusePractice(inventory, name);
    sameUnit(inventory, 'windows', name, host);
    await inventory.units.keepWindowsLogin(id, login);
    const { username, domain } = login;
    const record: WindowsRecord = {
      kind: 'windows',
      id,
      name,
      site,
      practice: false,
      sequence: known?.sequence ?? inventory.nextSequence(),
      alarm: null,
      settings: { host, port, transport, addresses: addresses.slice(0, 64), username, domain, login: true, pins, tags },
      facts: { osName: identity.osName, computerName: identity.computerName },
    };
    await inventory.units.forget(id);
    await inventory.put([record]);
    await deps.audit({ who: context.operator, what: 'inventory.added', subject: name, details: { host, ...pins } });
    return itemOf(inventory, id, 'windows');
  });
}

async function readOnce<W extends WindowsUnit>(
  deps: InventoryDeps<W>,
  access: Parameters<InventoryDeps<W>['createAppliance']>[0],
  signal: AbortSignal,
): Promise<ApplianceReading | null> {
  const appliance = deps.createAppliance(access);
  try {
    // A unit reached by WebUI alone cannot be read live; it is added for what the WebUI offers.
    return appliance.channelsFor('read').length === 0 ? null : await appliance.read(signal);
  } finally {
    await appliance.close();
  }
}

function firstFacts(id: string, reading: ApplianceReading | null): ApplianceRecord['facts'] {
  if (reading === null) return { ...noFacts, pairId: `pair-${id}` };
  const { hostname, version, updateNotice, licence, ha } = reading;
  return {
    pairId: `pair-${id}`,
    pairName: null,
    ...{ hostname, version, licence, role: ha.role, peerAddress: ha.peerAddress },
    updateNotice: updateNotice === '' ? null : updateNotice,
    floatingAddresses: [...ha.floatingAddresses],
    channels: { ...noFacts.channels, [reading.via]: 'ok' },
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
): UnitRecord | null {
  const same = inventory.allRecords().filter((record) => isSame(record, kind, name, host));
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

export function isSame(record: UnitRecord, kind: string, name: string, host: string): boolean {
  if (record.name.toLowerCase() === name.toLowerCase()) return true;
  return record.kind === kind && record.settings.host.toLowerCase() === host.toLowerCase() && !record.practice;
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
