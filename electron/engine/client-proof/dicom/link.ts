import type { Socket } from 'node:net';
import { outcomeOfError } from '../outcomes';
import { PduFault } from './fields';
import { decodePdu, type Pdu } from './pdu';
import { mostPduBytes } from './values';

/** The conversation is over before it was through. `bytes`: what of an answer had come. */
export type LinkEnd =
  | { readonly kind: 'closed'; readonly bytes: number }
  | { readonly kind: 'broke'; readonly outcome: ReturnType<typeof outcomeOfError> }
  | { readonly kind: 'fault'; readonly text: string; readonly first: string };

/** So many PDUs may wait to be read; then the peer waits. */
const mostWaiting = 4;

/** A socket as a row of PDUs. What a peer sends is held to limits before it is kept. */
export class PduLink {
  private buffered: Buffer = Buffer.alloc(0);
  private readonly waiting: Pdu[] = [];
  private ended: LinkEnd | null = null;
  private wake: (() => void) | null = null;
  private heard = false;

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => this.end({ kind: 'broke', outcome: outcomeOfError(error) }));
    socket.on('close', () => this.end({ kind: 'closed', bytes: this.buffered.length }));
    socket.on('end', () => this.end({ kind: 'closed', bytes: this.buffered.length }));
  }

  /** Bytes of a PDU that has not wholly come. */
  get half(): number {
    return this.buffered.length;
  }

  send(pdu: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(pdu);
  }

  /** The next PDU, or how the link ended. */
  async next(): Promise<Pdu | { readonly kind: 'end'; readonly end: LinkEnd }> {
    for (;;) {
      const pdu = this.waiting.shift();
      if (pdu !== undefined) {
        this.socket.resume();
        return pdu;
      }
      if (this.ended !== null) return { kind: 'end', end: this.ended };
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  close(): void {
    this.socket.destroy();
    this.end({ kind: 'closed', bytes: this.buffered.length });
  }

  private take(chunk: Buffer): void {
    if (this.ended !== null) return;
    // Never more than one PDU and one chunk: what is longer than the limit is refused by its header.
    this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk]);
    try {
      this.cut();
    } catch (error) {
      if (!(error instanceof PduFault)) throw error;
      this.end({ kind: 'fault', text: error.message, first: this.buffered.subarray(0, 16).toString('latin1') });
      this.buffered = Buffer.alloc(0);
      this.socket.destroy();
    }
  }

  private cut(): void {
    while (this.buffered.length > 0) {
      const type = this.buffered.readUInt8(0);
      if (type < 1 || type > 7) throw new PduFault(`${this.heard ? 'A' : 'The first'} PDU has type ${type}.`);
      if (this.buffered.length < 6) return;
      const length = this.buffered.readUInt32BE(2);
      if (length > mostPduBytes) throw new PduFault(`A PDU of ${length} bytes is announced.`);
      if (this.buffered.length < 6 + length) return;
      this.waiting.push(decodePdu(type, this.buffered.subarray(6, 6 + length)));
      this.heard = true;
      this.buffered = this.buffered.subarray(6 + length);
      if (this.waiting.length >= mostWaiting) this.socket.pause();
      this.wake?.();
    }
  }

  private end(end: LinkEnd): void {
    this.ended ??= end;
    this.wake?.();
  }
}
