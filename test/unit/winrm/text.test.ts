import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { POWERSHELL_BOOTSTRAP, POWERSHELL_COMMAND_LINE, decodeCliXml, wire } from '#engine/windows/winrm/index';

describe('CLIXML on standard error', () => {
  const head = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">';

  it('errors are joined and decoded, progress is dropped', () => {
    const text =
      `${head}<Obj S="progress" RefId="0"><MS><AV>Modules</AV></MS></Obj><S S="Error">line 1_x000D__x000A_</S>` +
      '<S S="warning">not this</S><S S="Error">a_x005F_b &amp; &lt;c&gt; &#228; _xD83D__xDE00_</S></Objs>';
    expect(decodeCliXml(text)).toBe('line 1\r\na_b & <c> ä 😀');
  });

  it('only progress is nothing', () => {
    expect(decodeCliXml(`${head}<Obj S="progress" RefId="0"></Obj></Objs>`)).toBe('');
  });

  it('other text around it stays', () => {
    expect(decodeCliXml(`before\r\n${head}<S S="Error">x</S></Objs>\r\nafter`)).toBe('before\r\nxafter');
    expect(decodeCliXml('plain error')).toBe('plain error');
  });

  it('a stream that was cut gives what is whole', () => {
    expect(decodeCliXml(`${head}<S S="Error">whole</S><S S="Error">ha`)).toBe('whole');
  });
});

describe('XML', () => {
  it.each([
    ['no root', ''],
    ['text only', 'hello'],
    ['an open element', '<a><b></b>'],
    ['elements that overlap', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['an attribute without quotes', '<a b=c/>'],
    ['a cut tag', '<a'],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['too many levels', '<a>'.repeat(100) + '</a>'.repeat(100)],
  ])('refused: %s', (_what, text) => {
    expect(() => wire.parseXml(text)).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });

  it('reads names without prefix, attributes, repeated elements and entities', () => {
    const root = wire.child(
      wire.parseXml('\uFEFF<?xml version="1.0"?><!-- c --><r:a xmlns:r="u"><r:b N="1">x &amp; y</r:b><b N="2"/></r:a>'),
      'a',
    );
    const parts = wire.children(root, 'b').map((node) => [wire.attributeOf(node, 'N'), wire.textOf(node)]);
    expect(parts).toEqual([
      ['1', 'x & y'],
      ['2', ''],
    ]);
  });

  it('escapes what it writes and refuses what XML cannot carry', () => {
    expect(wire.escapeXml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;');
    expect(() => wire.escapeXml('a\u0000b')).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });
});

describe('SOAP', () => {
  const context = { to: 'http://rs1:5985/wsman', operationTimeoutSeconds: 20 };
  const request = { action: wire.Action.receive, shellId: '<id>', body: '<rsp:Receive/>' };

  it('every message has its own identifier in upper case and the headers that hosts ask for', () => {
    const [one, two] = [wire.writeEnvelope(request, context), wire.writeEnvelope(request, context)];
    expect(one.id).toMatch(/^uuid:[0-9A-F-]{36}$/);
    expect(one.id).not.toBe(two.id);
    const header = wire.child(wire.parseXml(one.text), 'Envelope', 'Header');
    const read = (name: string): string => wire.textOf(wire.child(header, name));
    expect(read('MessageID')).toBe(one.id);
    expect(read('MaxEnvelopeSize')).toBe('153600');
    expect(read('OperationTimeout')).toBe('PT20S');
    expect(read('ResourceURI')).toBe('http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd');
    expect(wire.textOf(wire.child(header, 'SelectorSet', 'Selector'))).toBe('<id>');
  });

  const reply = (relatesTo: string, action: string): string =>
    `<s:Envelope xmlns:s="s"><s:Header><a:Action>${action}</a:Action><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><x/></s:Body></s:Envelope>`;

  it('a reply to another message is refused', () => {
    const good = reply('uuid:A', 'do' + 'Response');
    expect(wire.readReply(good, 'uuid:A', 'do', 200)).toHaveProperty('x');
    expect(() => wire.readReply(good, 'uuid:B', 'do', 200)).toThrow('another message');
    expect(() => wire.readReply(good, 'uuid:A', 'other', 200)).toThrow('unexpected message');
    expect(() => wire.readReply(good, 'uuid:A', 'do', 500)).toThrow('unexpected message');
  });
});

describe('PowerShell over standard input', () => {
  it('the bootstrap is a script without a syntax error', async () => {
    const { resolve } = createRequire(import.meta.url);
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')));
    expect(parser.parse(POWERSHELL_BOOTSTRAP)?.rootNode.hasError).toBe(false);
    expect(parser.parse(`${POWERSHELL_BOOTSTRAP}(`)?.rootNode.hasError).toBe(true);
  });

  it('the command line is far below the limit of cmd.exe and the same for every script', () => {
    expect(POWERSHELL_COMMAND_LINE.length).toBeLessThan(2500);
    expect(Buffer.from(POWERSHELL_COMMAND_LINE.split(' ').at(-1) ?? '', 'base64').toString('utf16le')).toBe(
      POWERSHELL_BOOTSTRAP,
    );
  });
});
