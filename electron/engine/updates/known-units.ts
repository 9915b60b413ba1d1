import type { InventoryFace } from '#engine/inventory/index';
import type { Overview } from '#engine/overview/index';
import type { ApplianceItem } from '#shared/contract/inventory';
import type { KnownUnit, UpdateUnits } from './deps';

/** The appliances as the inventory keeps them and the overview read them last. */
export function knownUnits(inventory: InventoryFace, overview: Pick<Overview, 'reading' | 'onReading'>): UpdateUnits {
  return {
    list: () => inventory.items().flatMap((item) => (item.kind === 'appliance' ? [known(item, overview)] : [])),
    onChange: (listener) => {
      const stops = [inventory.live.subscribe(() => listener()), overview.onReading(() => listener())];
      return () => {
        for (const stop of stops) stop();
      };
    },
    open: (unitId) => inventory.units.appliance(unitId),
  };
}

function known(item: ApplianceItem, overview: Pick<Overview, 'reading'>): KnownUnit {
  const { id, name, pairId, pairName, licence, practice } = item;
  const seen = overview.reading(id);
  const reading = seen?.reading ?? null;
  return {
    ...{ id, name, pairId, pairName, practice },
    role: reading?.ha.role ?? item.role,
    haState: reading?.ha.state ?? null,
    version: reading?.version ?? item.version,
    notice: reading?.updateNotice ?? item.updateNotice,
    licence: reading?.licence ?? licence,
    readAt: reading?.readAt ?? item.readAt,
    stale: seen === null || !seen.fresh,
  };
}
