import type { ApplianceItem, InventoryItem, WindowsItem } from '#shared/contract/inventory';
import { isSupportedVersion } from '#shared/domain/versions';
import { EvenkeelError, type ErrorShape } from '#shared/errors';
import { plainError } from '#shared/contract/plain-error';
import type { Pairing } from '#shared/domain/overview/index';
import type { ApplianceRecord, UnitRecord, WindowsRecord } from './records';

export type ServiceLink = WindowsItem['services'][number];

/** What is known of a unit since the engine started. */
export interface UnitStatus {
  readonly readAt: number | null;
  readonly error: ErrorShape | null;
  /** Windows servers: the services that use one of its addresses, by pair. */
  readonly links: ReadonlyMap<string, readonly ServiceLink[]>;
}

export const unread: UnitStatus = { readAt: null, error: null, links: new Map() };

/** Turns a unit into what crosses to views. `pairing` is used for appliances only. */
export function toItem(record: UnitRecord, status: UnitStatus, pairing: Pairing | undefined): InventoryItem {
  return record.kind === 'appliance'
    ? toApplianceItem(record, status, pairing ?? { pairId: record.facts.pairId, pairName: record.name })
    : toWindowsItem(record, status);
}

function toApplianceItem(record: ApplianceRecord, status: UnitStatus, pairing: Pairing): ApplianceItem {
  const { settings, facts } = record;
  return {
    kind: 'appliance',
    id: record.id,
    name: record.name,
    site: record.site,
    ...pairing,
    role: facts.role,
    host: settings.address,
    sshPort: settings.sshPort,
    webuiPort: settings.webuiPort,
    snmpPort: settings.snmpPort,
    channels: facts.channels,
    version: facts.version,
    supported: isSupportedVersion(facts.version),
    updateNotice: facts.updateNotice,
    licence: facts.licence,
    pollSeconds: settings.pollSeconds,
    giveUpSeconds: settings.giveUpSeconds,
    pins: settings.pins,
    tags: settings.tags,
    practice: record.practice,
    readAt: status.readAt,
    error: errorOf(record, status),
  };
}

function toWindowsItem(record: WindowsRecord, status: UnitStatus): WindowsItem {
  const { settings, facts } = record;
  return {
    kind: 'windows',
    id: record.id,
    name: record.name,
    site: record.site,
    // A practice server is reached on loopback, but known by its address in the modelled network.
    host: record.practice ? (settings.addresses[0] ?? settings.host) : settings.host,
    port: settings.port,
    transport: settings.transport,
    addresses: settings.addresses,
    way: settings.way,
    username: settings.username,
    osName: facts.osName,
    services: [...status.links.values()].flat(),
    pins: settings.pins,
    tags: settings.tags,
    practice: record.practice,
    readAt: status.readAt,
    error: errorOf(record, status),
  };
}

function errorOf(record: UnitRecord, status: UnitStatus): InventoryItem['error'] {
  const shape = record.alarm ?? status.error ?? (hasLogin(record) ? null : waitsForLogin(record.name).toShape());
  return shape === null ? null : plainError(shape);
}

export function hasLogin(record: UnitRecord): boolean {
  if (record.kind === 'windows') return record.settings.login || record.settings.way !== 'stored';
  const { ssh, webui, api } = record.settings.logins;
  return ssh || webui || api;
}

export function waitsForLogin(unit: string): EvenkeelError {
  return new EvenkeelError('secret_missing', {
    unit,
    step: 'login',
    unchanged: 'Nothing was sent to the unit.',
    advice: 'Add the unit again under this name with its login, and confirm its fingerprint.',
  });
}
