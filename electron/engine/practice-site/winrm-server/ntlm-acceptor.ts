import { randomBytes, timingSafeEqual } from 'node:crypto';
import { wire } from '#engine/windows/winrm/index';
import type { WinrmAccount } from './types';

const { ntlm } = wire;
const { NtlmFlag } = ntlm;

export interface AcceptorHost {
  readonly computerName: string;
  readonly accounts: readonly WinrmAccount[];
  /** Hash of the TLS channel on HTTPS. */
  readonly channelBinding: Buffer | undefined;
  readonly strict: boolean;
}

export interface AcceptedLogin {
  readonly account: WinrmAccount;
  readonly session: wire.ntlm.NtlmSession;
}

const BLOB_TARGET_INFO = 28;
// Names may come in a single-byte code page; the rest is as strict as the client itself.
const REQUIRED = (ntlm.REQUIRED_FLAGS & ~NtlmFlag.unicode) >>> 0;

/** True when a client that names `domain` may mean this account. */
function accountFits(account: WinrmAccount, username: string, domain: string, computerName: string): boolean {
  const same = (a: string, b: string): boolean => a.toUpperCase() === b.toUpperCase();
  const local = account.domain === '' || same(account.domain, computerName);
  return (
    same(account.username, username) &&
    (same(account.domain, domain) || (local && ['', '.', computerName.toUpperCase()].includes(domain.toUpperCase())))
  );
}

/** The host's side of one NTLMv2 login on one connection. */
export class NtlmAcceptor {
  readonly #host: AcceptorHost;
  readonly #serverChallenge = randomBytes(8);
  #negotiate: Buffer | undefined;
  #challenge: Buffer | undefined;

  constructor(host: AcceptorHost) {
    this.#host = host;
  }

  /** Answers a client's first message. Throws `protocol`. */
  challenge(negotiate: Buffer): Buffer {
    const name = this.#host.computerName;
    const wanted = ntlm.readNegotiate(negotiate).flags;
    const names = (wanted & NtlmFlag.unicode) === 0 ? NtlmFlag.oem : 0;
    const own = names | NtlmFlag.requestTarget | NtlmFlag.targetInfo | NtlmFlag.targetTypeServer | NtlmFlag.version;
    const text = (value: string): Buffer => Buffer.from(value, 'utf16le');
    this.#negotiate = negotiate;
    this.#challenge = ntlm.writeChallenge({
      flags: ((wanted & ntlm.CLIENT_FLAGS) | own) >>> 0,
      serverChallenge: this.#serverChallenge,
      targetName: name,
      targetInfo: [
        { id: ntlm.AvId.nbDomainName, value: text(name) },
        { id: ntlm.AvId.nbComputerName, value: text(name) },
        { id: ntlm.AvId.dnsDomainName, value: text(name.toLowerCase()) },
        { id: ntlm.AvId.dnsComputerName, value: text(name.toLowerCase()) },
        { id: ntlm.AvId.timestamp, value: ntlm.fileTime(Date.now()) },
      ],
    });
    return this.#challenge;
  }

  /** Checks a client's last message; undefined when it does not prove the password, the channel or the MIC. */
  accept(authenticate: Buffer): AcceptedLogin | undefined {
    if (!this.#negotiate || !this.#challenge) return undefined;
    const message = ntlm.readAuthenticate(authenticate);
    if (!ntlm.hasFlags(message.flags, REQUIRED) || message.ntResponse.length < 16 + BLOB_TARGET_INFO) return undefined;
    const blob = message.ntResponse.subarray(16);
    for (const account of this.#host.accounts) {
      if (!accountFits(account, message.username, message.domain, this.#host.computerName)) continue;
      const key = ntlm.ntowfV2(message.username, account.password, message.domain);
      const proof = ntlm.ntProof(key, this.#serverChallenge, blob);
      if (!timingSafeEqual(proof, message.ntResponse.subarray(0, 16))) continue;
      const sessionKey = new ntlm.Rc4(ntlm.sessionBaseKey(key, proof)).apply(message.encryptedSessionKey);
      const pairs = ntlm.readAvPairs(blob.subarray(BLOB_TARGET_INFO));
      if (sessionKey.length !== 16 || !this.#micHolds(authenticate, message.mic, sessionKey, pairs)) return undefined;
      if (!this.#channelHolds(pairs)) return undefined;
      return { account, session: new ntlm.NtlmSession(sessionKey, 'server') };
    }
    return undefined;
  }

  #micHolds(authenticate: Buffer, mic: Buffer, key: Buffer, pairs: readonly wire.ntlm.AvPair[]): boolean {
    const flags = ntlm.findAv(pairs, ntlm.AvId.flags);
    const announced = flags?.length === 4 && (flags.readUInt32LE(0) & ntlm.AV_FLAG_MIC) !== 0;
    if (!announced || !this.#negotiate || !this.#challenge) return !announced;
    const without = Buffer.from(authenticate);
    without.fill(0, ntlm.MIC_OFFSET, ntlm.MIC_OFFSET + 16);
    return timingSafeEqual(mic, ntlm.hmacMd5(key, this.#negotiate, this.#challenge, without));
  }

  /** Relaxed: a binding that is there must be right. Strict: it must be there. */
  #channelHolds(pairs: readonly wire.ntlm.AvPair[]): boolean {
    const expected = this.#host.channelBinding;
    if (!expected) return true;
    const sent = ntlm.findAv(pairs, ntlm.AvId.channelBindings);
    if (!sent || sent.every((byte) => byte === 0)) return !this.#host.strict;
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  }
}
