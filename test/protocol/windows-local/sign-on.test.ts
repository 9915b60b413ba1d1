import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { localPowerShell, SignOnLink } from '#engine/windows/local/index';
import { scriptFile } from '#engine/windows/script-files';
import type { ScriptLink } from '#engine/windows/script-link';
import { AutomaticLink } from '#engine/windows/automatic-link';
import { WinrmError, type WinrmResult } from '#engine/windows/winrm/index';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sign-on-'));
const standIn = join(folder, 'powershell.exe');
const grammar = fileURLToPath(
  new URL('../../../node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm', import.meta.url),
);
const program = fileURLToPath(new URL('./stand-in.mjs', import.meta.url));
writeFileSync(standIn, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
chmodSync(standIn, 0o755);
const links: ScriptLink[] = [];
const unhandled: unknown[] = [];
const remember = (reason: unknown): void => void unhandled.push(reason);
process.on('unhandledRejection', remember);

afterEach(async () => {
  for (const link of links.splice(0)) await link.drop();
  expect(unhandled).toEqual([]);
});
afterAll(() => {
  process.off('unhandledRejection', remember);
  rmSync(folder, { recursive: true, force: true });
});

function linkTo(host: string, executable: string | null = standIn): SignOnLink {
  const link = new SignOnLink({ host, port: 5985, scheme: 'http', connectTimeoutMs: 1_000 }, executable);
  links.push(link);
  return link;
}

async function run(
  link: ScriptLink,
  options: { signal?: AbortSignal; deadlineMs?: number } = {},
): Promise<WinrmResult> {
  const signal = options.signal ?? new AbortController().signal;
  const shell = await link.shell(signal);
  return shell.run({ powershell: 'the script' }, { signal, deadlineMs: options.deadlineMs ?? 10_000 });
}

async function failure(work: Promise<unknown>): Promise<WinrmError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof WinrmError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe("a script by this computer's sign-on", () => {
  it('reaches the server word for word and gives its output and exit code, call after call', async () => {
    const link = linkTo('ICA-APP02');
    expect(await run(link)).toEqual({ stdout: 'ran the script\n', stderr: '', exitCode: 0 });
    expect(await run(link)).toMatchObject({ stdout: 'ran the script\n', exitCode: 0 });
  });

  it('takes nothing from lines that are not its own, and loses no output when something is on standard error', async () => {
    expect(await run(linkTo('noisy'))).toEqual({ stdout: 'ünlaut ✓\n', stderr: 'told on error', exitCode: 3 });
  });

  it('ends at its deadline when PowerShell hangs, and says that the script may go on there', async () => {
    const error = await failure(run(linkTo('hang'), { deadlineMs: 300 }));
    expect(error).toMatchObject({ kind: 'timeout', shellMayRemain: true });
  });

  it('ends at once when it is cancelled', async () => {
    const given = new AbortController();
    const running = failure(run(linkTo('hang'), { signal: given.signal }));
    given.abort();
    expect((await running).kind).toBe('aborted');
  });

  it('says that the link was cut when PowerShell ends in the middle, and starts another for the next script', async () => {
    const link = linkTo('crash');
    expect((await failure(run(link))).kind).toBe('link-cut');
    expect((await failure(run(link))).kind).toBe('link-cut');
  });

  it('is no success without an exit code', async () => {
    expect((await failure(run(linkTo('silent')))).kind).toBe('link-cut');
  });

  it('says when there is no PowerShell, without an unhandled rejection', async () => {
    expect((await failure(run(linkTo('x', join(folder, 'missing.exe'))))).kind).toBe('auth-not-offered');
    expect((await failure(run(linkTo('x', null)))).advice).toContain('stored account');
  });

  it.each([
    ['not-trusted', 'auth-not-offered', /TrustedHosts is never changed/, 2150858980],
    ['denied', 'access-denied', /not an administrator/, 5],
    ['quota', 'fault', undefined, 2150859236],
    ['broken', 'link-cut', undefined, undefined],
  ])('%s is told as %s, with its number and advice', async (host, kind, advice, number) => {
    const error = await failure(run(linkTo(host)));
    expect(error.kind).toBe(kind);
    expect(error.wsmanCode).toBe(number);
    if (advice !== undefined) expect(error.advice).toMatch(advice);
  });
});

describe('the automatic way', () => {
  const stored = (): ScriptLink & { calls: number } => ({
    calls: 0,
    shell() {
      this.calls += 1;
      return Promise.resolve({ run: () => Promise.resolve({ stdout: 'stored\n', stderr: '', exitCode: 0 }) });
    },
    way: () => 'stored',
    rest: () => undefined,
    drop: () => Promise.resolve(),
  });

  it('stays with the sign-on where that works', async () => {
    const other = stored();
    const link = new AutomaticLink(linkTo('ICA-APP02'), other);
    expect((await run(link)).stdout).toBe('ran the script\n');
    expect([link.way(), other.calls]).toEqual(['sign-on', 0]);
  });

  it.each(['not-trusted', 'denied'])('takes the stored account from then on after %s', async (host) => {
    const other = stored();
    const link = new AutomaticLink(linkTo(host), other);
    expect([(await run(link)).stdout, (await run(link)).stdout]).toEqual(['stored\n', 'stored\n']);
    expect([link.way(), other.calls]).toEqual(['stored', 2]);
  });

  it.each(['broken', 'crash', 'quota'])('sends a script that may have begun to no other way: %s', async (host) => {
    const other = stored();
    await failure(run(new AutomaticLink(linkTo(host), other)));
    expect(other.calls).toBe(0);
  });
});

describe('the script that opens sessions', () => {
  it('has no syntax error, is ASCII, asks nobody and leaves TrustedHosts alone', async () => {
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(grammar));
    const text = scriptFile('local/sign-on');
    expect(parser.parse(text)?.rootNode.hasError).toBe(false);
    // eslint-disable-next-line no-control-regex -- the range is what is asserted
    expect(text).toMatch(/^[\x00-\x7f]*$/);
    expect(text).not.toMatch(/WSMan:|Set-Item|Read-Host|Get-Credential|Invoke-Expression/);
  });
});

describe('the PowerShell of this computer', () => {
  it('is named by its absolute path, and only Windows has one', () => {
    const env = { SystemRoot: 'D:\\Windows' };
    expect(localPowerShell({ platform: 'win32', env })).toBe(
      'D:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    );
    expect(localPowerShell({ platform: 'darwin', env })).toBeNull();
  });
});
