/**
 * RC4 as a running stream, which is what NTLM sealing needs: the state goes on from message to message and must never
 * be used for two contexts. OpenSSL 3 keeps the cipher in its legacy provider, so it is our own.
 */
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    if (key.length === 0) throw new RangeError('An RC4 key has at least one byte.');
    const state = this.#state;
    for (let i = 0; i < 256; i++) state[i] = i;
    let j = 0;
    for (let i = 0; i < 256; i++) {
      const value = state[i] ?? 0;
      j = (j + value + (key[i % key.length] ?? 0)) & 0xff;
      state[i] = state[j] ?? 0;
      state[j] = value;
    }
  }

  /** Encrypts or decrypts the next bytes of the stream, into `out`, which may be the same memory. */
  apply(data: Uint8Array, out: Buffer = Buffer.allocUnsafe(data.length)): Buffer {
    const state = this.#state;
    let i = this.#i;
    let j = this.#j;
    for (let n = 0; n < data.length; n++) {
      i = (i + 1) & 0xff;
      const a = state[i] ?? 0;
      j = (j + a) & 0xff;
      const b = state[j] ?? 0;
      state[i] = b;
      state[j] = a;
      out[n] = (data[n] ?? 0) ^ (state[(a + b) & 0xff] ?? 0);
    }
    this.#i = i;
    this.#j = j;
    return out;
  }
}
