import { userInfo } from 'node:os';
import { settings as settingsSchema, type Settings } from '#shared/contract/system';
import type { Database } from '#engine/database/index';

/** The settings in SQLite, one row a name; what is not stored, or not of its form any more, has its default. */
export class SettingsStore {
  private current: Settings;
  private readonly listeners = new Set<(settings: Settings) => void>();

  private constructor(
    private readonly database: Database,
    loaded: Settings,
  ) {
    this.current = loaded;
  }

  static async open(database: Database, operator: string = systemUser()): Promise<SettingsStore> {
    const rows = await database.kysely.selectFrom('setting').selectAll().execute();
    const stored = new Map(rows.map((row) => [row.name, row.value]));
    return new SettingsStore(database, fromRows(stored, defaults(operator)));
  }

  get(): Settings {
    return this.current;
  }

  /** Changes what is named and gives the whole. */
  async save(change: Partial<Settings>): Promise<Settings> {
    const next = settingsSchema.parse({ ...this.current, ...change });
    await this.database.kysely.transaction().execute(async (transaction) => {
      for (const name of settingNames) {
        if (!(name in change)) continue;
        const value = JSON.stringify(next[name]);
        await transaction
          .insertInto('setting')
          .values({ name, value })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
          .execute();
      }
    });
    this.current = next;
    for (const listener of [...this.listeners]) listener(next);
    return next;
  }

  /** Called after every change; gives back how to stop listening. */
  onChange(listener: (settings: Settings) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

const settingNames = ['theme', 'motion', 'operator', 'pollSeconds'] as const satisfies readonly (keyof Settings)[];

function defaults(operator: string): Settings {
  return { theme: 'system', motion: 'system', operator, pollSeconds: 10 };
}

function fromRows(stored: ReadonlyMap<string, string>, base: Settings): Settings {
  let settings = base;
  for (const name of settingNames) {
    const text = stored.get(name);
    if (text === undefined) continue;
    const next = settingsSchema.safeParse({ ...settings, [name]: parseJson(text) });
    if (next.success) settings = next.data;
  }
  return settings;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function systemUser(): string {
  try {
    return userInfo().username || 'operator';
  } catch {
    // A user id without a name, as in some containers.
    return 'operator';
  }
}
