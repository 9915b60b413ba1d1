import type { Desktop, Keystore } from '../desktop/index';

/** The desktop of the web host and the command line: a keystore with a passphrase, and no notes. */
export class LocalDesktop implements Desktop {
  constructor(readonly keystore: Keystore) {}

  notify(): void {
    // A browser tab or a terminal shows the job's end itself.
  }
}
