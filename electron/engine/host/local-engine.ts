import { join } from 'node:path';
import type { Port } from '#shared/contract/messages';
import type { EvenkeelError } from '#shared/errors';
import { createEngine } from '../engine';
import { PassphraseKeystore } from '../secrets/index';
import { version } from '../version';
import { LocalDesktop } from './local-desktop';

export interface LocalEngineOptions {
  readonly dataFolder: string;
  /** Of the stored secrets; without one they stay locked until `system.unlock`. */
  readonly passphrase?: string | null;
}

export interface LocalEngine {
  serve(port: Port): void;
  report(error: unknown, step: string): EvenkeelError;
  close(): Promise<void>;
}

/** The engine inside this process: for the web host, the command line and tests. */
export async function openLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const keystore = new PassphraseKeystore({ file: join(options.dataFolder, 'keystore.json') });
  const given = options.passphrase ?? process.env['EVENKEEL_PASSPHRASE'] ?? '';
  if (given !== '') await keystore.unlock(given);
  return createEngine({
    dataFolder: options.dataFolder,
    desktop: new LocalDesktop(keystore),
    version,
  });
}
