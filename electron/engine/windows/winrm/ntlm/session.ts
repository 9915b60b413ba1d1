import { timingSafeEqual } from 'node:crypto';
import { WinrmError } from '../errors';
import { hmacMd5, md5 } from './keys';
import { Rc4 } from './rc4';

export type NtlmRole = 'client' | 'server';

const SIGNATURE_LENGTH = 16;

class Direction {
  readonly #signKey: Buffer;
  readonly #cipher: Rc4;
  #sequence = 0;

  constructor(sessionKey: Buffer, name: 'client-to-server' | 'server-to-client') {
    const magic = (use: string): Buffer => Buffer.from(`session key to ${name} ${use} key magic constant\0`, 'latin1');
    this.#signKey = md5(sessionKey, magic('signing'));
    this.#cipher = new Rc4(md5(sessionKey, magic('sealing')));
  }

  apply(data: Uint8Array, out?: Buffer): Buffer {
    return this.#cipher.apply(data, out);
  }

  /** MAC with extended session security and key exchange (MS-NLMP 3.4.4.2); call after `apply` on the same message. */
  sign(plain: Uint8Array): Buffer {
    const sequence = Buffer.alloc(4);
    sequence.writeUInt32LE(this.#sequence);
    this.#sequence = (this.#sequence + 1) >>> 0;
    const checksum = this.#cipher.apply(hmacMd5(this.#signKey, sequence, plain).subarray(0, 8));
    return Buffer.concat([Buffer.from([1, 0, 0, 0]), checksum, sequence]);
  }
}

/** Signing and sealing of one authenticated connection, both ways. Never shared between connections. */
export class NtlmSession {
  readonly #outgoing: Direction;
  readonly #incoming: Direction;

  constructor(sessionKey: Buffer, role: NtlmRole) {
    const toServer = new Direction(sessionKey, 'client-to-server');
    const toClient = new Direction(sessionKey, 'server-to-client');
    this.#outgoing = role === 'client' ? toServer : toClient;
    this.#incoming = role === 'client' ? toClient : toServer;
  }

  /** Encrypts and signs the next message to the peer. */
  seal(plain: Uint8Array): { readonly signature: Buffer; readonly sealed: Buffer } {
    const sealed = this.#outgoing.apply(plain);
    return { signature: this.#outgoing.sign(plain), sealed };
  }

  /**
   * Decrypts and checks the next message of the peer, in its own memory: long output is not held twice. Throws
   * `protocol` when it was changed, repeated or left out.
   */
  unseal(signature: Uint8Array, sealed: Uint8Array): Buffer {
    const plain = this.#incoming.apply(sealed, Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength));
    const expected = this.#incoming.sign(plain);
    if (signature.length !== SIGNATURE_LENGTH || !timingSafeEqual(signature, expected)) {
      throw new WinrmError('protocol', 'The signature of an encrypted message is wrong.');
    }
    return plain;
  }
}
