export { AV_FLAG_MIC, AvId, findAv, readAvPairs, writeAvPairs, type AvPair } from './av-pairs';
export { NtlmClient, type NtlmCredentials, type NtlmSource } from './authenticate';
export { CLIENT_FLAGS, NtlmFlag, REQUIRED_FLAGS, hasFlags } from './flags';
export { fileTime, hmacMd5, lmV2Response, md5, ntlmV2Blob, ntowfV2, ntProof, sessionBaseKey } from './keys';
export { md4 } from './md4';
export {
  MIC_OFFSET,
  readAuthenticate,
  readChallenge,
  readNegotiate,
  writeAuthenticate,
  writeChallenge,
  writeNegotiate,
  type AuthenticateMessage,
  type ChallengeMessage,
} from './messages';
export { Rc4 } from './rc4';
export { NtlmSession, type NtlmRole } from './session';
