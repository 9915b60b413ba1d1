import type { InventoryFace } from '#engine/inventory/index';
import type { Overview } from '#engine/overview/index';
import type { ApplianceItem } from '#shared/contract/inventory';
import type { DrEstate, DrPair } from './deps';

type OverviewPart = Pick<Overview, 'reading' | 'pairReading' | 'activeUnitOf' | 'onReading' | 'readNow'>;

/** The estate as the inventory and the overview know it. */
export function estateOf(inventory: Pick<InventoryFace, 'items' | 'onMembership'>, overview: OverviewPart): DrEstate {
  const appliances = (): readonly ApplianceItem[] =>
    inventory.items().flatMap((item) => (item.kind === 'appliance' ? [item] : []));
  return {
    pairs: () => {
      const units = appliances();
      return [...new Set(units.map((unit) => unit.pairId))].map((pairId) =>
        toPair(
          units.filter((unit) => unit.pairId === pairId),
          overview,
        ),
      );
    },
    servers: () =>
      inventory
        .items()
        .flatMap((item) =>
          item.kind === 'windows'
            ? [{ id: item.id, name: item.name, addresses: item.addresses, practice: item.practice }]
            : [],
        ),
    onChange: (listener) => {
      const stops = [inventory.onMembership(listener), overview.onReading(() => listener())];
      return () => {
        for (const stop of stops) stop();
      };
    },
    refresh: async (pairIds, signal) => {
      const ids = appliances()
        .filter((unit) => pairIds.includes(unit.pairId))
        .map((unit) => unit.id);
      if (ids.length > 0) await overview.readNow(ids, signal);
    },
  };
}

function toPair(units: readonly ApplianceItem[], overview: OverviewPart): DrPair {
  const [first] = units;
  const pairId = first?.pairId ?? '';
  const reading = overview.pairReading(pairId);
  const activeId = overview.activeUnitOf(pairId);
  const active = units.find((unit) => unit.id === activeId) ?? null;
  const passive = units.find((unit) => {
    const seen = overview.reading(unit.id);
    return unit.id !== activeId && seen?.fresh === true && seen.reading.ha.state === 'passive';
  });
  return {
    id: pairId,
    name: first?.pairName ?? '',
    siteName: first?.site ?? '',
    activeUnit: active === null ? null : { id: active.id, name: active.name },
    passiveUnit: passive === undefined ? null : { id: passive.id, name: passive.name },
    services: reading?.reading.services ?? null,
    fresh: reading?.fresh ?? false,
    readAt: reading?.reading.readAt ?? null,
    practice: units.some((unit) => unit.practice),
  };
}
