import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import { EvenkeelError } from '#shared/errors';
import { Queue } from './queue';
import { sqliteCode, type Sqlite } from './sqlite';

const queueLimit = 20_000;
const queueDeadlineMs = 30_000;

/**
 * Kysely over one connection of `sqlite3`. Statements and transactions take turns on it; inside a transaction only the
 * transaction's own handle may be used.
 */
export class SqliteDialect implements Dialect {
  private readonly driver: Driver;

  constructor(sqlite: Sqlite) {
    this.driver = new SqliteDriver(sqlite);
  }

  /** Always the same one, so that several handles share the one queue. */
  createDriver(): Driver {
    return this.driver;
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter();
  }

  createIntrospector(kysely: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(kysely);
  }
}

class SqliteDriver implements Driver {
  private readonly queue = new Queue(queueLimit, queueDeadlineMs);
  private readonly connection: DatabaseConnection;

  constructor(private readonly sqlite: Sqlite) {
    this.connection = new SqliteConnection(sqlite);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.queue.enter();
    return this.connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // Immediate: a lock refused here costs nothing, one refused at the first write costs the whole transaction.
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  releaseConnection(): Promise<void> {
    this.queue.leave();
    return Promise.resolve();
  }

  /** Lets the holder finish first. After this nothing gets in any more. */
  async destroy(): Promise<void> {
    await this.queue.enter();
    await this.sqlite.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  constructor(private readonly sqlite: Sqlite) {}

  /** Throws `local_disk_full`, `database_damaged`, or what SQLite says. */
  async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.execute<R>(compiled);
    } catch (error) {
      throw translated(error);
    }
  }

  private async execute<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    if (givesRows(compiled)) {
      const rows = await this.sqlite.all(compiled.sql, compiled.parameters);
      return { rows: rows as R[] };
    }
    const { lastId, changes } = await this.sqlite.run(compiled.sql, compiled.parameters);
    return { rows: [], insertId: BigInt(lastId), numAffectedRows: BigInt(changes) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    // One connection for all: a stream left open would hold up everything. Long reads go in pages.
    throw new Error('streaming a query is not offered; read in pages');
  }
}

function translated(error: unknown): unknown {
  const details = { step: 'write to the database', unchanged: 'what was stored before' };
  switch (sqliteCode(error)) {
    case 'SQLITE_FULL':
      return new EvenkeelError('local_disk_full', { ...details, advice: 'Free some space on this computer.' });
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return new EvenkeelError('database_damaged', {
        ...details,
        advice: 'Close Evenkeel and put a copy in its place.',
      });
    default:
      return error;
  }
}

function givesRows(compiled: CompiledQuery): boolean {
  const { query } = compiled;
  switch (query.kind) {
    case 'InsertQueryNode':
    case 'UpdateQueryNode':
    case 'DeleteQueryNode':
      return query.returning !== undefined;
    default:
      return true;
  }
}
