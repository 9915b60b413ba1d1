export interface SecretTables {
  secret: SecretTable;
}

export interface SecretTable {
  owner_id: string;
  name: string;
  /** What the keystore made of it; never the clear text. */
  sealed: Uint8Array;
  /** Milliseconds since 1970, UTC. */
  updated_at: number;
}
