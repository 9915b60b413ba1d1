import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { composeScript, recogniseScript } from '#engine/windows/index';
import { loopbackRef, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import { allowedCmdlets, indexNeeded } from './allowed-cmdlets';

const folder = fileURLToPath(new URL('../../../electron/engine/windows/scripts/', import.meta.url));
const grammar = fileURLToPath(
  new URL('../../../node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm', import.meta.url),
);
const files = readdirSync(folder).filter((name) => name.endsWith('.ps1'));
const text = (name: string) => readFileSync(`${folder}${name}`, 'utf8');
let parser: Parser;

beforeAll(async () => {
  await Parser.init();
  parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
});

function all(node: Node, pick: (node: Node) => boolean): readonly Node[] {
  return [...(pick(node) ? [node] : []), ...node.children.flatMap((child) => all(child, pick))];
}

function parsed(source: string): Node {
  const tree = parser.parse(source);
  if (tree === null) throw new Error('nothing was parsed');
  return tree.rootNode;
}

function commands(source: string): readonly { readonly name: string; readonly parameters: readonly string[] }[] {
  return all(parsed(source), (node) => node.type === 'command').map((node) => ({
    name: node.childForFieldName('command_name')?.text ?? node.text,
    parameters: (node.childForFieldName('command_elements')?.children ?? [])
      .filter((child) => child.type === 'command_parameter')
      .map((child) => child.text.replace(/^-/, '').replace(/:.*$/s, '')),
  }));
}

const everything: readonly WindowsOperation[] = [
  { operation: 'read-state', input: {} },
  { operation: 'snapshot', input: { name: 'x' } },
  { operation: 'ensure-device', input: { name: "o'brien $(calc) Ü" } },
  { operation: 'remove-device', input: { adapter: loopbackRef(null) } },
  { operation: 'bindings', input: { adapter: loopbackRef(null), others: 'off', set: [], netbios: 'off' } },
  {
    operation: 'interface',
    input: {
      adapter: loopbackRef(null),
      families: [
        { family: 'IPv4', weakHostReceive: true, weakHostSend: true, dadTransmits: 0, dhcp: false, metric: 254 },
      ],
    },
  },
  { operation: 'dns', input: { adapter: loopbackRef(null), register: false } },
  { operation: 'addresses', input: { adapter: loopbackRef(null), remove: [], add: [], update: [], waitSeconds: 1 } },
  { operation: 'lan', input: { adapter: loopbackRef(null), families: [{ family: 'IPv4', weakHostReceive: true }] } },
  {
    operation: 'firewall',
    input: { add: [{ name: 'web', protocol: 'TCP', ports: ['80', '443'], profiles: ['Public'] }], remove: ['dicom'] },
  },
  { operation: 'dead-man-read', input: { name: 'x' } },
  { operation: 'dead-man-confirm', input: { name: 'x' } },
  {
    operation: 'dead-man-arm',
    input: { name: 'x', minutes: 10, operations: [{ operation: 'ensure-device', input: { name: 'Ü' } }] },
  },
  {
    operation: 'dead-man-fire',
    input: { name: 'x', operations: [{ operation: 'remove-device', input: { adapter: loopbackRef(null) } }] },
  },
];

describe('the PowerShell files', () => {
  it.each(files)('%s has no syntax error', (name) => {
    expect(all(parsed(text(name)), (node) => node.isError || node.isMissing).map((node) => node.text)).toEqual([]);
  });

  it('the gate finds a broken file', () => {
    expect(parsed('function Broken { if ($x { 1 }').hasError).toBe(true);
  });

  it.each(files)('%s uses only cmdlets and parameters of the list, and no alias', (name) => {
    const own = files.flatMap((file) => [...text(file).matchAll(/^function ([\w-]+)/gm)].map((match) => match[1]));
    const strange = commands(text(name)).flatMap((command) => {
      // `Find-Ek` runs a block that stands word for word in a file, where it is looked at as well.
      if (own.includes(command.name) || command.name === '$Query') return [];
      const known = allowedCmdlets[command.name];
      if (known === undefined) return [command.name];
      return command.parameters
        .filter((parameter) => !known.parameters.includes(parameter))
        .map((parameter) => `${command.name} -${parameter}`);
    });
    expect(strange).toEqual([]);
  });

  it.each(files)('%s changes no interface without its index', (name) => {
    const blind = commands(text(name)).filter(
      (command) => indexNeeded.includes(command.name) && !command.parameters.includes('InterfaceIndex'),
    );
    expect(blind).toEqual([]);
  });

  it.each(files)('%s keeps to PowerShell 3.0, builds no command from text and never asks', (name) => {
    const found = text(name).match(/::new\(|Invoke-Expression|\biex\b|Read-Host|&&|\?\?/g);
    expect(found).toBeNull();
    // Names are localised: adapters are never looked up by one.
    expect(text(name)).not.toMatch(/-InterfaceAlias|Get-NetAdapter -Name/);
  });
});

describe('a composed script', () => {
  it('has no syntax error with all operations, and ends with one line that holds the data', () => {
    const script = composeScript(everything);
    expect(parsed(script).hasError).toBe(false);
    const lines = script.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('Invoke-Evenkeel'))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^Invoke-Evenkeel '[A-Za-z0-9+/=]+'$/);
  });

  it('holds nothing but ASCII, whatever the names are', () => {
    // eslint-disable-next-line no-control-regex -- the range is what is asserted
    expect(composeScript(everything)).toMatch(/^[\x00-\x7f]*$/);
  });

  it('carries only the files it needs', () => {
    expect(composeScript([{ operation: 'read-state', input: {} }])).not.toContain('SetupDi');
    expect(composeScript([{ operation: 'ensure-device', input: { name: 'loopback' } }])).toContain('SetupDi');
  });

  it('is recognised with its operations, and not when anything differs', () => {
    const script = composeScript(everything);
    expect(recogniseScript(script)).toEqual(everything);
    expect(recogniseScript(script.replace("'off'", "'on'"))).toBeNull();
    expect(recogniseScript("Invoke-Evenkeel 'AAAA'")).toBeNull();
  });
});
