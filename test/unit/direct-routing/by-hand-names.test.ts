import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { differenceOf, fixOperations, handLines, handUndo, targetOf } from '#shared/domain/direct-routing/index';
import { needsPwsh, pwsh } from '#test/protocol/powershell/pwsh';
import { both, web, web6 } from './cases-base';
import { hearPowerShell } from './by-hand-listener';
import { held, lanAdapter, rightLoopback, server, strongHost } from './windows-fixtures';

/** What somebody may have named an adapter, or what may stand there to do harm. */
const hostile = [
  'Ethernet (Büro)',
  '乙太網路 2',
  "o'brien",
  'it’s ‚one‛ ‘more’',
  '"quoted" “curly”',
  '$(calc) $env:TEMP',
  '`$(calc)` `n',
  '%TEMP% %PATH:~0,1%',
  'a & calc | calc',
  "x' ; calc ; 'y",
  '[1] a*b?',
  '@(calc) {calc}',
  '-Confirm',
  '# remark',
  '17',
  ' blank ',
];
const lanOf = (name: string) =>
  lanAdapter({ name, addresses: [...lanAdapter().addresses, held('fd4a::111', { prefixLength: 64 })] });

/** A server of which nearly everything has to be set, on adapters of this name. */
function linesFor(name: string) {
  const worst = {
    ipv4: strongHost,
    ipv6: null,
    netbios: 'on' as const,
    registersInDns: true,
    bindings: both('ms_server'),
  };
  const loopback = rightLoopback({ ...worst, name, addresses: [held('192.168.100.90')] });
  const state = server([lanOf(name), loopback], {
    firewall: { profiles: [{ name: 'Public', enabled: true }], allowRules: [] },
  });
  const options = { firewall: true, removeStale: true, knownVips: ['192.168.100.90'] };
  const target = targetOf(['192.168.100.111', 'fd4a::111'], [web, web6], options);
  if (target === null) throw new Error('no target');
  const difference = differenceOf(target, state);
  const parts = fixOperations(target, difference);
  const undo = handUndo(
    parts.flatMap((part) => part.operations),
    state,
  );
  const fix = handLines(parts, difference);
  return { netsh: `${fix.netsh}\n${undo.netsh}`, powershell: `${fix.powershell}\n${undo.powershell}` };
}

const grammar = fileURLToPath(
  new URL('../../../node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm', import.meta.url),
);
let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
});

describe('lines for an adapter of any name', () => {
  it.each(hostile)('%j: netsh gets a harmless name in quotes, or the index', (name) => {
    const commands = linesFor(name)
      .netsh.split('\n')
      .filter((line) => !line.startsWith('rem '));
    const adapter = /^netsh interface ipv[46] (?:set interface|add address|delete address|set address) ("[^"]*"|\d+) /;
    const named = commands
      .filter((line) => !line.includes('advfirewall'))
      .map((line) => adapter.exec(line)?.[1] ?? line);
    expect(named.length).toBeGreaterThan(10);
    for (const word of named) expect(['12', '17', `"${name}"`]).toContain(word);
    // In a command prompt these do something even in quotes, or in PowerShell would.
    expect(commands.join('').match(/[%&|<>^`$!]|""/)).toBeNull();
  });

  it.each(hostile)('%j: a remark does nothing, wherever it is pasted', (name) => {
    const remarks = linesFor(name)
      .netsh.split('\n')
      .filter((line) => line.startsWith('rem '));
    expect(remarks.join('\n').match(/[%&|<>^`$"';@{}]/)).toBeNull();
  });

  it('plain names stay readable, a name that looks like an index does not', () => {
    expect(linesFor('Ethernet (Büro)').netsh).toContain('set interface "Ethernet (Büro)" weakhostreceive=enabled');
    expect(linesFor('乙太網路 2').netsh).toContain('set interface "乙太網路 2" weakhostreceive=enabled');
    expect(linesFor('17').netsh).not.toContain('"17"');
  });

  it.each(hostile)('%j: PowerShell lines have no syntax error', (name) => {
    const lines = linesFor(name).powershell.split('\n');
    expect(lines.filter((line) => parser.parse(line)?.rootNode.hasError !== false)).toEqual([]);
  });
});

describe.skipIf(pwsh === null)(`typed at a real PowerShell${needsPwsh}`, () => {
  it('arrive word for word: the adapter is meant literally, and nothing else is called', () => {
    const heard = hearPowerShell(
      pwsh ?? '',
      hostile.map((name) => linesFor(name).powershell),
      spawnSync,
    );
    for (const [at, name] of hostile.entries()) {
      const calls = heard[at];
      expect(calls?.syntaxErrors).toEqual([]);
      expect(calls?.failures).toEqual([]);
      expect(calls?.strangers, name).toEqual([]);
      expect(new Set(calls?.adapters), name).toEqual(
        /[[\]*?`]/.test(name) ? new Set(['index 12', 'index 17']) : new Set([name]),
      );
    }
  }, 90_000);
});
