import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Audit } from '#engine/audit/index';
import { openDatabase, type Database } from '#engine/database/index';
import { SettingsStore, settingsHandlers } from '#engine/settings/index';

let database: Database;

beforeEach(async () => {
  database = await openDatabase({ file: ':memory:' });
});

afterEach(async () => {
  await database.close();
});

describe('settings', () => {
  it('begin with the system user and stay as saved', async () => {
    const settings = await SettingsStore.open(database, 'jokafor');
    expect(settings.get()).toEqual({ theme: 'system', motion: 'system', operator: 'jokafor', pollSeconds: 10 });
    const seen: string[] = [];
    settings.onChange((next) => seen.push(next.theme));
    await settings.save({ theme: 'dark' });
    expect(seen).toEqual(['dark']);
    const again = await SettingsStore.open(database, 'mreyes');
    expect(again.get()).toEqual({ theme: 'dark', motion: 'system', operator: 'mreyes', pollSeconds: 10 });
  });

  it('keep the default for a value that is not of its form', async () => {
    await database.kysely
      .insertInto('setting')
      .values([
        { name: 'pollSeconds', value: '1' },
        { name: 'theme', value: '{' },
        { name: 'motion', value: '"reduced"' },
      ])
      .execute();
    const settings = await SettingsStore.open(database, 'jokafor');
    expect(settings.get()).toMatchObject({ pollSeconds: 10, theme: 'system', motion: 'reduced' });
  });

  it('tell the audit log who changed what', async () => {
    const audit = new Audit(database, () => 1);
    const { calls } = settingsHandlers(await SettingsStore.open(database, 'jokafor'), audit);
    const context = { signal: new AbortController().signal, operator: 'mreyes' };
    expect(await calls['system.saveSettings']({ pollSeconds: 30 }, context)).toMatchObject({ pollSeconds: 30 });
    const [entry] = await audit.list({ before: null, limit: 1, contains: '' });
    expect(entry).toMatchObject({ who: 'mreyes', what: 'settings.saved', details: { pollSeconds: 30 } });
  });
});
