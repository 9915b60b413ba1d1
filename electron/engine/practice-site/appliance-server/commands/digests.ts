import { createHash } from 'node:crypto';
import type { CommandCall, CommandImplementation } from '../shell/index';
import { readAll } from '../shell/index';
import type { UnitFiles } from '../unit-files';
import { readInputs, withoutOptions } from './text-tools';

/** `md5sum` and its kin, streaming, with `-c`. */
export function digestTools(files: UnitFiles): [string, CommandImplementation][] {
  return ['md5', 'sha1', 'sha256', 'sha512'].map((algorithm) => [
    `${algorithm}sum`,
    async (call) => (call.args.includes('-c') ? check(files, call, algorithm) : print(files, call, algorithm)),
  ]);
}

async function print(files: UnitFiles, call: CommandCall, algorithm: string): Promise<number> {
  let status = 0;
  const paths = withoutOptions(call.args);
  for (const path of paths.length ? paths : ['-']) {
    const digest = await digestOf(files, call, algorithm, path);
    if (digest === null) status = 1;
    else await call.out.write(`${digest}  ${path}\n`);
  }
  return status;
}

async function check(files: UnitFiles, call: CommandCall, algorithm: string): Promise<number> {
  const [list] = withoutOptions(call.args);
  const text = await readAll(list === undefined ? call.stdin : await files.source(list));
  let status = 0;
  for (const line of text.split('\n')) {
    const found = /^([0-9a-f]+) [ *](.+)$/.exec(line);
    if (!found) continue;
    const same = (await digestOf(files, call, algorithm, found[2] ?? '')) === found[1];
    await call.out.write(`${found[2] ?? ''}: ${same ? 'OK' : 'FAILED'}\n`);
    if (!same) status = 1;
  }
  return status;
}

async function digestOf(files: UnitFiles, call: CommandCall, algorithm: string, path: string): Promise<string | null> {
  const hash = createHash(algorithm);
  const status = await readInputs(files, call, [path])((chunk) => {
    hash.update(chunk);
    return Promise.resolve(true);
  });
  return status === 0 ? hash.digest('hex') : null;
}
