import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The passphrase of the stored secrets: from the environment, else asked for at a terminal, else none. */
export async function passphraseFrom(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const given = environment['EVENKEEL_PASSPHRASE'];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return ask();
}

/** Asks without echo. An empty answer: none. */
function ask(): Promise<string | null> {
  process.stderr.write('Passphrase of the stored secrets (empty: none): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    reader.question('', (answer) => {
      reader.close();
      process.stderr.write('\n');
      resolve(answer === '' ? null : answer);
    });
  });
}
