export interface InventoryTables {
  unit: UnitTable;
}

export interface UnitTable {
  id: string;
  /** `appliance` or `windows`. */
  kind: string;
  name: string;
  site: string;
  /** 0 or 1. */
  practice: number;
  /** The order in which units were added. */
  sequence: number;
  /** JSON text: what a person gave. */
  settings: string;
  /** JSON text: what the unit says of itself. */
  facts: string;
  /** JSON text: an identity that differs from the pinned one, until a person pins the new one. */
  alarm: string | null;
}
