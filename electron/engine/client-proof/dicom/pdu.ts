import { fields, items, PduFault } from './fields';
import { announcedBytes, implementationVersion, pduTypes, uids } from './values';

export interface OfferedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

export interface AnsweredContext {
  readonly id: number;
  /** 0 is acceptance (PS3.8 table 9-18). */
  readonly result: number;
  readonly transferSyntax: string;
}

export interface DataValue {
  readonly contextId: number;
  readonly command: boolean;
  readonly last: boolean;
  readonly data: Buffer;
}

export type Pdu =
  | {
      readonly kind: 'associate-request';
      readonly called: string;
      readonly calling: string;
      readonly contexts: readonly OfferedContext[];
    }
  | { readonly kind: 'associate-accept'; readonly contexts: readonly AnsweredContext[]; readonly peer: string | null }
  | { readonly kind: 'associate-reject'; readonly result: number; readonly source: number; readonly reason: number }
  | { readonly kind: 'data'; readonly values: readonly DataValue[] }
  | { readonly kind: 'release-request' }
  | { readonly kind: 'release-response' }
  | { readonly kind: 'abort'; readonly source: number; readonly reason: number };

/** Takes one PDU apart. Throws `PduFault` for whatever does not fit its own lengths. */
export function decodePdu(type: number, body: Buffer): Pdu {
  switch (type) {
    case pduTypes.associateRequest:
      return decodeRequest(body);
    case pduTypes.associateAccept:
      return decodeAccept(body);
    case pduTypes.associateReject: {
      const read = fields(body);
      read.skip(1);
      return { kind: 'associate-reject', result: read.byte(), source: read.byte(), reason: read.byte() };
    }
    case pduTypes.data:
      return { kind: 'data', values: decodeValues(body) };
    case pduTypes.releaseRequest:
      return { kind: 'release-request' };
    case pduTypes.releaseResponse:
      return { kind: 'release-response' };
    case pduTypes.abort: {
      const read = fields(body);
      read.skip(2);
      return { kind: 'abort', source: read.byte(), reason: read.byte() };
    }
    default:
      throw new PduFault(`There is no PDU of type ${type}.`);
  }
}

function decodeRequest(body: Buffer): Pdu {
  const read = fields(body);
  read.skip(4);
  const [called, calling] = [read.text(16), read.text(16)];
  read.skip(32);
  const contexts = items(read.rest())
    .filter((item) => item.type === 0x20)
    .map((item): OfferedContext => {
      const inner = fields(item.body);
      const id = inner.byte();
      inner.skip(3);
      const syntaxes = items(inner.rest());
      const named = (wanted: number): string[] =>
        syntaxes.filter(({ type }) => type === wanted).map((syntax) => fields(syntax.body).text(syntax.body.length));
      return { id, abstractSyntax: named(0x30)[0] ?? '', transferSyntaxes: named(0x40) };
    });
  return { kind: 'associate-request', called, calling, contexts };
}

function decodeAccept(body: Buffer): Pdu {
  const read = fields(body);
  read.skip(4 + 16 + 16 + 32);
  const all = items(read.rest());
  const contexts = all
    .filter((item) => item.type === 0x21)
    .map((item): AnsweredContext => {
      const inner = fields(item.body);
      const id = inner.byte();
      inner.skip(1);
      const result = inner.byte();
      inner.skip(1);
      // The syntax of a refused context says nothing, and some peers leave it out (PS3.8 9.3.3.2).
      const syntax = items(inner.rest()).find(({ type }) => type === 0x40);
      return { id, result, transferSyntax: syntax === undefined ? '' : fields(syntax.body).text(syntax.body.length) };
    });
  const user = all.find((item) => item.type === 0x50);
  const version = user && items(user.body).find((item) => item.type === 0x55);
  return { kind: 'associate-accept', contexts, peer: version ? fields(version.body).text(version.body.length) : null };
}

function decodeValues(body: Buffer): readonly DataValue[] {
  const values: DataValue[] = [];
  const read = fields(body);
  while (read.left() > 0) {
    const length = read.long();
    if (length < 2) throw new PduFault(`A data value says it has ${length} bytes.`);
    const contextId = read.byte();
    const control = read.byte();
    values.push({ contextId, command: (control & 1) === 1, last: (control & 2) === 2, data: read.bytes(length - 2) });
  }
  return values;
}

function frame(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(6);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function item(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

const ascii = (value: string): Buffer => Buffer.from(value, 'latin1');
const title = (value: string): Buffer => ascii(value.slice(0, 16).padEnd(16, ' '));

/** Version 1, both titles, 32 reserved bytes, the application context. */
function opening(called: string, calling: string): readonly Buffer[] {
  const context = item(0x10, ascii(uids.applicationContext));
  return [Buffer.from([0, 1, 0, 0]), title(called), title(calling), Buffer.alloc(32), context];
}

function userInformation(): Buffer {
  const most = Buffer.alloc(4);
  most.writeUInt32BE(announcedBytes);
  return item(0x50, item(0x51, most), item(0x52, ascii(uids.implementation)), item(0x55, ascii(implementationVersion)));
}

export function associateRequest(called: string, calling: string, contexts: readonly OfferedContext[]): Buffer {
  const offers = contexts.map((context) =>
    item(
      0x20,
      Buffer.from([context.id, 0, 0, 0]),
      item(0x30, ascii(context.abstractSyntax)),
      ...context.transferSyntaxes.map((syntax) => item(0x40, ascii(syntax))),
    ),
  );
  return frame(pduTypes.associateRequest, ...opening(called, calling), ...offers, userInformation());
}

export function associateAccept(called: string, calling: string, contexts: readonly AnsweredContext[]): Buffer {
  const answers = contexts.map((context) =>
    item(0x21, Buffer.from([context.id, 0, context.result, 0]), item(0x40, ascii(context.transferSyntax))),
  );
  return frame(pduTypes.associateAccept, ...opening(called, calling), ...answers, userInformation());
}

export function associateReject(result: number, source: number, reason: number): Buffer {
  return frame(pduTypes.associateReject, Buffer.from([0, result, source, reason]));
}

/** One whole command in one PDU. */
export function commandData(contextId: number, command: Buffer): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(command.length + 2, 0);
  head.writeUInt8(contextId, 4);
  head.writeUInt8(3, 5);
  return frame(pduTypes.data, head, command);
}

export const releaseRequest = (): Buffer => frame(pduTypes.releaseRequest, Buffer.alloc(4));
export const releaseResponse = (): Buffer => frame(pduTypes.releaseResponse, Buffer.alloc(4));
export const abortPdu = (source: number, reason: number): Buffer =>
  frame(pduTypes.abort, Buffer.from([0, 0, source, reason]));
