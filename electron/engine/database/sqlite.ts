import sqlite3 from 'sqlite3';

export type SqliteValue = string | number | null | Uint8Array;
export type SqliteRow = Record<string, unknown>;

/** How a file is opened. `immutable`: read without a lock and without a byte written beside it. */
export type OpenMode = 'create' | 'immutable';

/**
 * One SQLite connection behind promises. It knows nothing of transactions: whoever holds it must not interleave
 * statements (see `queue.ts`).
 */
export class Sqlite {
  private closed = false;

  private constructor(private readonly handle: sqlite3.Database) {}

  static open(file: string, mode: OpenMode): Promise<Sqlite> {
    return new Promise((resolve, reject) => {
      const flags =
        mode === 'create'
          ? sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE | sqlite3.OPEN_FULLMUTEX
          : sqlite3.OPEN_READONLY | sqlite3.OPEN_URI | sqlite3.OPEN_FULLMUTEX;
      const name = mode === 'create' ? file : immutableUri(file);
      const handle = new sqlite3.Database(name, flags, (error) => {
        if (error === null) resolve(new Sqlite(handle));
        else reject(error);
      });
    });
  }

  all(sql: string, values: readonly unknown[] = []): Promise<SqliteRow[]> {
    return new Promise((resolve, reject) => {
      this.handle.all<SqliteRow>(sql, values.map(toBinding), (error, rows) => {
        if (error === null) resolve(rows);
        else reject(error);
      });
    });
  }

  run(sql: string, values: readonly unknown[] = []): Promise<{ readonly lastId: number; readonly changes: number }> {
    return new Promise((resolve, reject) => {
      this.handle.run(sql, values.map(toBinding), function (error) {
        if (error === null) resolve({ lastId: this.lastID, changes: this.changes });
        else reject(error);
      });
    });
  }

  /** Closing twice does nothing. */
  close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    return new Promise((resolve, reject) => {
      this.handle.close((error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }
}

/** The result code of SQLite, for example `SQLITE_BUSY`; `null` for other errors. */
export function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : null;
}

function toBinding(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value === undefined ? null : value;
}

function immutableUri(file: string): string {
  const path = encodeURI(file.replaceAll('\\', '/')).replaceAll('?', '%3f').replaceAll('#', '%23');
  return `file:${path.startsWith('/') ? '' : '/'}${path}?immutable=1`;
}
