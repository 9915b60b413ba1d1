import type { ApplianceItem, InventoryItem } from '#shared/contract/inventory';
import type { State } from '#shared/domain/state';

/** Codes that mean another identity than the pinned one: a person must look. */
const alarmCodes: readonly string[] = ['host_key_changed', 'certificate_changed'];

export function isAlarm(unit: InventoryItem): boolean {
  return unit.error !== null && alarmCodes.includes(unit.error.code);
}

/** Imported, but nobody has given its login yet. */
export function waitsForLogin(unit: InventoryItem): boolean {
  return unit.error !== null && ['secret_missing', 'host_key_unknown', 'certificate_unknown'].includes(unit.error.code);
}

export interface UnitState {
  readonly state: State;
  readonly word: string;
}

/** How a unit is reached. Never healthy while it was not read, or is read no longer. */
export function unitState(unit: InventoryItem, stale: boolean): UnitState {
  if (isAlarm(unit)) {
    return {
      state: 'failed',
      word: unit.error?.code === 'host_key_changed' ? 'host key changed' : 'certificate changed',
    };
  }
  if (waitsForLogin(unit)) return { state: 'unknown', word: 'waits for its login' };
  if (unit.error !== null) return { state: 'failed', word: 'cannot be read' };
  if (unit.readAt === null) return { state: 'unknown', word: 'not read yet' };
  if (stale) return { state: 'unknown', word: 'read' };
  if (unit.kind === 'appliance' && unit.supported === false)
    return { state: 'degraded', word: 'version not supported' };
  return { state: 'healthy', word: 'read' };
}

export const channelStates: Readonly<Record<ApplianceItem['channels']['ssh'], State | null>> = {
  ok: 'healthy',
  failed: 'failed',
  unknown: 'unknown',
  off: null,
};

/** Everything a person may search a unit by. */
export function searchText(unit: InventoryItem): string {
  const more =
    unit.kind === 'appliance'
      ? [unit.pairName, unit.role ?? '', unit.version ?? '']
      : [
          ...unit.addresses,
          unit.osName ?? '',
          ...unit.services.flatMap((service) => [service.serviceName, service.label]),
        ];
  return [unit.name, unit.site, unit.host, ...unit.tags, ...more].join(' ').toLowerCase();
}
