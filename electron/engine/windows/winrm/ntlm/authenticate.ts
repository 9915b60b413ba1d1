import { randomBytes } from 'node:crypto';
import { WinrmError } from '../errors';
import { AV_FLAG_MIC, AvId, findAv, setAv, writeAvPairs, type AvPair } from './av-pairs';
import { CLIENT_FLAGS, REQUIRED_FLAGS, hasFlags } from './flags';
import { fileTime, hmacMd5, lmV2Response, ntlmV2Blob, ntowfV2, ntProof, sessionBaseKey } from './keys';
import { MIC_OFFSET, readChallenge, writeAuthenticate, writeNegotiate } from './messages';
import { Rc4 } from './rc4';
import { NtlmSession } from './session';

export interface NtlmCredentials {
  readonly username: string;
  readonly password: string;
  /** Empty for an account of the host itself. */
  readonly domain: string;
}

/** Where randomness and time come from; tests give the fixed values of the published vectors. */
export interface NtlmSource {
  readonly random: (length: number) => Buffer;
  readonly now: () => number;
}

const SYSTEM_SOURCE: NtlmSource = { random: randomBytes, now: () => Date.now() };

/** The client's side of one NTLMv2 login: `negotiate` once, then `authenticate` once. */
export class NtlmClient {
  readonly #credentials: NtlmCredentials;
  readonly #channelBinding: Buffer | undefined;
  readonly #source: NtlmSource;
  readonly #negotiate = writeNegotiate();

  /** `channelBinding` is the 16 byte hash of the TLS channel, given on HTTPS. */
  constructor(credentials: NtlmCredentials, channelBinding?: Buffer, source: NtlmSource = SYSTEM_SOURCE) {
    this.#credentials = credentials;
    this.#channelBinding = channelBinding;
    this.#source = source;
  }

  /** The first message. */
  negotiate(): Buffer {
    return this.#negotiate;
  }

  /** Answers the host's challenge and opens the session. Throws `protocol` for a bad or too weak challenge. */
  authenticate(challengeBytes: Buffer): { readonly message: Buffer; readonly session: NtlmSession } {
    const challenge = readChallenge(challengeBytes);
    if (!hasFlags(challenge.flags, REQUIRED_FLAGS)) {
      throw new WinrmError('protocol', 'The host does not offer NTLMv2 with 128 bit signing and sealing.', {
        advice: 'Check the policy "Network security: Minimum session security for NTLM SSP" on the host.',
      });
    }
    const { username, password, domain } = this.#credentials;
    const key = ntowfV2(username, password, domain);
    const clientChallenge = this.#source.random(8);
    const hostTime = findAv(challenge.targetInfo, AvId.timestamp);
    const blob = ntlmV2Blob(
      hostTime?.length === 8 ? hostTime : fileTime(this.#source.now()),
      clientChallenge,
      writeAvPairs(this.#targetInfo(challenge.targetInfo, hostTime !== undefined)),
    );
    const proof = ntProof(key, challenge.serverChallenge, blob);
    const sessionKey = this.#source.random(16);
    const fields = {
      flags: (challenge.flags & CLIENT_FLAGS) >>> 0,
      lmResponse: hostTime ? Buffer.alloc(24) : lmV2Response(key, challenge.serverChallenge, clientChallenge),
      ntResponse: Buffer.concat([proof, blob]),
      domain,
      username,
      workstation: '',
      encryptedSessionKey: new Rc4(sessionBaseKey(key, proof)).apply(sessionKey),
      mic: Buffer.alloc(16),
    };
    const message = writeAuthenticate(fields);
    if (hostTime) hmacMd5(sessionKey, this.#negotiate, challengeBytes, message).copy(message, MIC_OFFSET);
    return { message, session: new NtlmSession(sessionKey, 'client') };
  }

  /** Every pair of the host is kept; a MIC is announced, the channel is bound. */
  #targetInfo(pairs: readonly AvPair[], withMic: boolean): readonly AvPair[] {
    let result = pairs;
    if (withMic) {
      const known = findAv(pairs, AvId.flags);
      const flags = Buffer.alloc(4);
      flags.writeUInt32LE(((known?.length === 4 ? known.readUInt32LE(0) : 0) | AV_FLAG_MIC) >>> 0);
      result = setAv(result, AvId.flags, flags);
    }
    return this.#channelBinding ? setAv(result, AvId.channelBindings, this.#channelBinding) : result;
  }
}
