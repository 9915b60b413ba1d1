import { inventoryHandlers, type InventoryHandlers } from './handlers';
import { Inventory } from './inventory';
import { addPracticeUnits, refuseReal, removePracticeUnits } from './practice-units';
import type { InventoryDeps, PracticeUnits, WindowsUnit } from './types';

export type { Inventory } from './inventory';
export { practiceId } from './practice-units';
export type { ServiceLink } from './items';
export type { Units } from './units';
export type {
  AuditEvent,
  InventoryDeps,
  PracticeAppliance,
  PracticeUnits,
  PracticeWindows,
  Probe,
  UnitSecrets,
  WindowsAccess,
  WindowsIdentity,
  WindowsUnit,
} from './types';

export interface InventoryCapability<W extends WindowsUnit> {
  readonly inventory: Inventory<W>;
  readonly handlers: InventoryHandlers;
  /** Puts the practice units in, or brings them up to date. Throws `practice_mixed` while real units are there. */
  addPracticeUnits(units: PracticeUnits): Promise<void>;
  removePracticeUnits(): Promise<void>;
  /** Throws `practice_mixed` while real units are there. */
  refuseReal(): void;
}

/** The inventory as other capabilities use it, whatever their Windows server objects are. */
export type InventoryFace = Pick<
  Inventory,
  'items' | 'item' | 'record' | 'live' | 'onMembership' | 'noteReading' | 'noteWindows' | 'noteFailure' | 'linkServices'
> & { readonly units: Pick<Inventory['units'], 'appliance'> };

/** Loads the inventory. `inventory.units` gives the live objects of units to every other capability. */
export async function createInventory<W extends WindowsUnit>(deps: InventoryDeps<W>): Promise<InventoryCapability<W>> {
  const inventory = new Inventory(deps);
  await inventory.load();
  return {
    inventory,
    handlers: inventoryHandlers(inventory, deps),
    addPracticeUnits: (units) => addPracticeUnits(inventory, units),
    removePracticeUnits: () => removePracticeUnits(inventory),
    refuseReal: () => refuseReal(inventory),
  };
}
