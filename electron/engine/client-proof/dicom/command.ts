import { PduFault } from './fields';
import { uids } from './values';

/** Command fields (PS3.7 E.1). */
export const echoRequest = 0x0030;
export const echoResponse = 0x8030;
const noDataSet = 0x0101;

export interface Command {
  readonly field: number;
  readonly messageId: number | null;
  readonly answersTo: number | null;
  /** 0 is success (PS3.7 C). */
  readonly status: number | null;
}

/** Elements of a command set, always implicit VR little endian (PS3.7 6.3.1). */
function element(number: number, value: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function commandSet(...elements: readonly Buffer[]): Buffer {
  const body = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([element(0x0000, length), body]);
}

/** Identifiers have an even length, padded with a zero byte. */
function affectedClass(): Buffer {
  const uid = uids.verification;
  return element(0x0002, Buffer.from(uid.length % 2 === 0 ? uid : `${uid}\0`, 'latin1'));
}

export function echoRequestCommand(messageId: number): Buffer {
  return commandSet(
    affectedClass(),
    element(0x0100, short(echoRequest)),
    element(0x0110, short(messageId)),
    element(0x0800, short(noDataSet)),
  );
}

export function echoResponseCommand(answersTo: number, status: number): Buffer {
  return commandSet(
    affectedClass(),
    element(0x0100, short(echoResponse)),
    element(0x0120, short(answersTo)),
    element(0x0800, short(noDataSet)),
    element(0x0900, short(status)),
  );
}

/** Throws `PduFault` where lengths do not fit or the command says not what it is. */
export function decodeCommand(bytes: Buffer): Command {
  const shorts = new Map<number, number>();
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) throw new PduFault('The command ends within an element.');
    const [group, number, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2), bytes.readUInt32LE(at + 4)];
    if (group !== 0) throw new PduFault('The command holds an element of another group.');
    if (length > bytes.length - at - 8) throw new PduFault('An element is longer than its command.');
    if (length === 2) shorts.set(number, bytes.readUInt16LE(at + 8));
    at += 8 + length;
  }
  const field = shorts.get(0x0100);
  if (field === undefined) throw new PduFault('The command does not say what it is.');
  const of = (number: number): number | null => shorts.get(number) ?? null;
  return { field, messageId: of(0x0110), answersTo: of(0x0120), status: of(0x0900) };
}
