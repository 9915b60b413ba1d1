import type { Audit } from '#engine/audit/index';
import type { HandlersOf } from '#engine/dispatch/index';
import type { SettingsStore } from './settings';

export function settingsHandlers(
  settings: SettingsStore,
  audit: Audit,
): HandlersOf<'system.settings' | 'system.saveSettings', never> {
  return {
    calls: {
      'system.settings': () => Promise.resolve(settings.get()),
      'system.saveSettings': async (input, { operator }) => {
        const change = Object.fromEntries(
          Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
        );
        const saved = await settings.save(change);
        await audit.append({ who: operator, what: 'settings.saved', subject: 'Settings', details: change });
        return saved;
      },
    },
    streams: {},
  };
}
