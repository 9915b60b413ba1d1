export interface SettingTables {
  setting: SettingTable;
}

export interface SettingTable {
  name: string;
  /** JSON text. */
  value: string;
}
