import type { HandlersOf } from '#engine/dispatch/index';
import type { inventoryCalls, inventoryStreams } from '#shared/contract/inventory';
import { EvenkeelError } from '#shared/errors';
import { addAppliance, addWindows, isSame, newUnitId, noFacts, refusePractice } from './add';
import { readImportList, type ImportEntry, type ImportUnit } from './import-list';
import type { Inventory } from './inventory';
import { probeSource } from './probes';
import type { UnitRecord } from './records';
import type { InventoryDeps, WindowsUnit } from './types';

export type InventoryHandlers = HandlersOf<keyof typeof inventoryCalls, keyof typeof inventoryStreams>;

/** The inventory's part of the contract. */
export function inventoryHandlers<W extends WindowsUnit>(
  inventory: Inventory<W>,
  deps: InventoryDeps<W>,
): InventoryHandlers {
  const preview = (csv: string): ImportEntry[] => {
    const records = inventory.allRecords();
    return readImportList(csv, (unit) =>
      records.some((record) => isSame(record, unit.kind, unit.name, unit.host, unit.port)),
    );
  };
  return {
    calls: {
      'inventory.list': () => Promise.resolve(inventory.items()),
      'inventory.addAppliance': (input, context) => addAppliance(inventory, deps, input, context),
      'inventory.addWindows': (input, context) => addWindows(inventory, deps, input, context),
      'inventory.remove': async ({ unitId }, { operator }) => {
        const record = existing(inventory, unitId);
        if (record.practice) throw closeInstead(record.name);
        await inventory.inTurn(() => inventory.takeOut([unitId]));
        await deps.audit({ who: operator, what: 'inventory.removed', subject: record.name, details: {} });
        return {};
      },
      'inventory.repin': async ({ unitId, sshHostKey, certificate }, { operator }) => {
        const { name } = existing(inventory, unitId);
        await inventory.inTurn(() => repin(inventory, unitId, sshHostKey, certificate));
        const details = { sshHostKey, certificate };
        await deps.audit({ who: operator, what: 'inventory.repinned', subject: name, details });
        return {};
      },
      'inventory.previewImport': ({ csv }) => Promise.resolve(preview(csv).map((entry) => entry.row)),
      'inventory.import': async ({ csv, lines }, { operator }) => {
        refusePractice(inventory, 'the list');
        const chosen = new Set(lines);
        const units = preview(csv).flatMap(({ row, unit }) => (unit !== null && chosen.has(row.line) ? [unit] : []));
        await inventory.inTurn(async () => {
          const first = inventory.nextSequence();
          await inventory.put(units.map((unit, index) => imported(unit, first + index)));
        });
        const details = { added: units.length };
        await deps.audit({ who: operator, what: 'inventory.imported', subject: 'CSV list', details });
        return details;
      },
    },
    streams: {
      'inventory.live': () => inventory.live,
      'inventory.probeAppliance': (target, { signal }) =>
        probeSource(deps.probeAppliance, target, signal, deps.logUnexpected),
      'inventory.probeWindows': (target, { signal }) =>
        probeSource(deps.probeWindows, target, signal, deps.logUnexpected),
    },
  };
}

function existing<W extends WindowsUnit>(inventory: Inventory<W>, unitId: string): UnitRecord {
  const record = inventory.record(unitId);
  if (!record) throw new EvenkeelError('not_found', { step: 'inventory', unitId });
  return record;
}

/** Puts new pins in and ends the alarm. A pin that is not named stays. */
async function repin<W extends WindowsUnit>(
  inventory: Inventory<W>,
  unitId: string,
  sshHostKey: string | null,
  certificate: string | null,
): Promise<void> {
  const record = existing(inventory, unitId);
  await inventory.units.forget(unitId);
  if (record.kind === 'appliance') {
    const { pins } = record.settings;
    const next = { sshHostKey: sshHostKey ?? pins.sshHostKey, certificate: certificate ?? pins.certificate };
    await inventory.put([{ ...record, alarm: null, settings: { ...record.settings, pins: next } }]);
  } else {
    const next = { certificate: certificate ?? record.settings.pins.certificate };
    await inventory.put([{ ...record, alarm: null, settings: { ...record.settings, pins: next } }]);
  }
}

function imported(unit: ImportUnit, sequence: number): UnitRecord {
  const { name, site, host, tags } = unit;
  const base = { id: newUnitId(name), name, site, sequence, practice: false, alarm: null };
  if (unit.kind === 'windows') {
    const { transport, username, domain } = unit;
    const port = unit.port ?? (transport === 'https' ? 5986 : 5985);
    const pins = { certificate: null };
    const addresses = [host];
    return {
      ...{ ...base, kind: 'windows' },
      settings: { host, port, transport, addresses, way: 'stored', username, domain, login: false, pins, tags },
      facts: { osName: null, computerName: null },
    };
  }
  return {
    ...{ ...base, kind: 'appliance' },
    settings: {
      ...{ host, address: host, sshPort: unit.port ?? 22, webuiPort: 9443, snmpPort: 161, tags },
      ...{ pollSeconds: 10, giveUpSeconds: 8, pins: { sshHostKey: null, certificate: null } },
      sshUsername: null,
      logins: { ssh: false, webui: false, api: false },
    },
    facts: { ...noFacts, pairId: `pair-${base.id}` },
  };
}

function closeInstead(unit: string): EvenkeelError {
  return new EvenkeelError('practice_mixed', {
    unit,
    step: 'removing from the inventory',
    unchanged: 'The unit is still there.',
    advice: 'Close the practice site; its units leave together.',
  });
}
