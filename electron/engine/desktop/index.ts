/**
 * What only the host of the engine can do. Electron implements it in its main process; the web host and the command
 * line with a passphrase.
 */
export interface Desktop {
  readonly keystore: Keystore;
  /** A note outside the window, when a job has ended. May do nothing. */
  notify(note: { readonly title: string; readonly body: string }): void;
}

/** Encrypts what the engine stores. The clear text never reaches SQLite, logs or arguments. */
export interface Keystore {
  state(): 'ready' | 'locked' | 'unavailable';
  /** Opens a keystore that has a passphrase; others refuse with `secrets_unavailable`. Wrong: `secrets_locked`. */
  unlock(passphrase: string): Promise<void>;
  /** Throws `secrets_unavailable` or `secrets_locked`. */
  encrypt(clear: string): Promise<Uint8Array>;
  decrypt(sealed: Uint8Array): Promise<string>;
}
