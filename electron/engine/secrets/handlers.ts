import type { Audit } from '#engine/audit/index';
import type { Keystore } from '#engine/desktop/index';
import type { HandlersOf } from '#engine/dispatch/index';

/** `unlocked`: called after the passphrase fitted, for parts that waited for it. */
export function secretHandlers(
  keystore: Keystore,
  audit: Audit,
  unlocked: () => void = () => undefined,
): HandlersOf<'system.unlock', never> {
  return {
    calls: {
      'system.unlock': async ({ passphrase }, { operator }) => {
        await keystore.unlock(passphrase);
        await audit.append({ who: operator, what: 'secrets.unlocked', subject: 'Stored secrets' });
        unlocked();
        return {};
      },
    },
    streams: {},
  };
}
