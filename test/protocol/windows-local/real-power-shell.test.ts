import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { SignOnLink } from '#engine/windows/local/index';
import { WinrmError, type WinrmResult } from '#engine/windows/winrm/index';
import { needsPwsh, pwsh } from '#test/protocol/powershell/pwsh';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-pwsh-'));
const sessions = join(folder, 'sessions.txt');
const here = fileURLToPath(new URL('./sessions.ps1', import.meta.url));

/** The program of this computer: a real PowerShell that finds sessions without WinRM, and itself as powershell.exe. */
function program(): string {
  const path = join(folder, 'local.sh');
  const child = join(folder, 'powershell.exe');
  writeFileSync(child, `#!/bin/sh\nexport TERM=dumb NO_COLOR=1\nexec '${pwsh ?? ''}' "$@"\n`);
  const env = `TERM=dumb NO_COLOR=1 EVENKEEL_SESSIONS='${sessions}' PATH='${folder}':"$PATH"`;
  writeFileSync(path, `#!/bin/sh\n{ printf '. %s\\n' '${here}'; cat; } | env ${env} '${pwsh ?? ''}' "$@"\n`);
  for (const file of [path, child]) chmodSync(file, 0o755);
  return path;
}

const links: SignOnLink[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.drop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function linkTo(host: string): SignOnLink {
  const link = new SignOnLink({ host, port: 5986, scheme: 'https', connectTimeoutMs: 5_000 }, program());
  links.push(link);
  return link;
}

async function run(link: SignOnLink, powershell: string): Promise<WinrmResult> {
  const { signal } = new AbortController();
  return (await link.shell(signal)).run({ powershell }, { signal, deadlineMs: 60_000 });
}

describe.skipIf(pwsh === null)(`a real PowerShell${needsPwsh}`, () => {
  it('runs scripts of many lines one after the other over one session, with output, errors and exit code', async () => {
    const link = linkTo('ICA-APP02');
    const script = [
      'function Get-Twice {',
      '    param([int] $Number)',
      '',
      '    return 2 * $Number',
      '}',
      "[Console]::Out.WriteLine(('{0} {1}' -f (Get-Twice -Number 21), ('x' * 20000)))",
      "[Console]::Out.WriteLine('second')",
      "[Console]::Error.WriteLine('told on error')",
      'exit 7',
    ].join('\n');
    const first = await run(link, script);
    expect(first.stdout).toBe(`42 ${'x'.repeat(20_000)}\nsecond\n`);
    expect(first.stderr).toContain('told on error');
    expect(first.exitCode).toBe(7);
    expect((await run(link, 'exit 0')).exitCode).toBe(0);
    expect(readFileSync(sessions, 'utf8').trim()).toBe('open ICA-APP02 5986 True');
  });

  it('tells a refused session by its name and number', async () => {
    try {
      await run(linkTo('denied'), 'exit 0');
      expect.fail('it was not refused');
    } catch (error) {
      if (!(error instanceof WinrmError)) throw error;
      expect([error.kind, error.wsmanCode, error.shellMayRemain]).toEqual(['access-denied', 5, false]);
    }
  });
});
