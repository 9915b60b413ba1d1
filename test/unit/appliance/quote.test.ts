import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReadCommand, lbcliCommand, quoteShellWord } from '#engine/appliance/index';

describe('quoting', () => {
  it('gives the shell exactly the word that was meant', () => {
    const special = fc.constantFrom("'", '"', '$', '`', '\\', ' ', '\n', '*', '-', '!', '#', '~', 'a', 'é', '😀');
    const word = fc
      .oneof(fc.string({ unit: special, maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 60 }))
      .map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 50 }), (words) => {
        const meant = words.map((text) => Buffer.from(text).toString('utf8'));
        const script = `for word in ${meant.map(quoteShellWord).join(' ')}; do printf '%s\\0' "$word"; done`;
        const said = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
        expect(said.split('\0').slice(0, -1)).toEqual(meant);
      }),
      { numRuns: 12 },
    );
  });

  it('refuses a NUL', () => {
    expect(() => quoteShellWord('a\0b')).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('lbcli command', () => {
  it('quotes every value and goes through sudo for other accounts', () => {
    const call = { action: 'drain', vip: 'ICA_WEB', rip: 'ICA_WEB1' };
    const line = "/usr/local/sbin/lbcli --action 'drain' --vip 'ICA_WEB' --rip 'ICA_WEB1' --method api";
    expect(lbcliCommand(call, 'root')).toBe(line);
    expect(lbcliCommand(call, 'evenkeel')).toBe(`sudo -n ${line}`);
  });

  it.each([
    { action: 'drain', vip: '--help' },
    { action: 'drain', vip: 'A B' },
    { action: 'drain', rip: 'a;reboot' },
    { action: 'drain', 'vip --x': 'A' },
  ])('refuses %j', (call) => {
    expect(() => lbcliCommand(call, 'root')).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('read command', () => {
  it('is accepted by a real shell and marks every section, also those that fail', () => {
    const nonce = 'ab'.repeat(12);
    const said = execFileSync('/bin/sh', ['-c', buildReadCommand(nonce)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const marks = said.split('\n').filter((line) => line.includes(`@${nonce} =`));
    expect(marks).toHaveLength(15);
    expect(said).toContain(`@${nonce} clock\n`);
  });
});
