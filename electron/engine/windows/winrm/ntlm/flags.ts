/** Negotiate flags (MS-NLMP 2.2.2.5), the ones that this client asks for or looks at. */
export const NtlmFlag = {
  unicode: 0x00000001,
  /** Names in a single-byte code page: some clients ask for it, this one never does. */
  oem: 0x00000002,
  requestTarget: 0x00000004,
  sign: 0x00000010,
  seal: 0x00000020,
  ntlm: 0x00000200,
  alwaysSign: 0x00008000,
  targetTypeServer: 0x00020000,
  extendedSessionSecurity: 0x00080000,
  targetInfo: 0x00800000,
  version: 0x02000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** What this client asks for: 128 bit keys, signing and sealing both ways, a fresh session key. */
export const CLIENT_FLAGS =
  (NtlmFlag.unicode |
    NtlmFlag.requestTarget |
    NtlmFlag.sign |
    NtlmFlag.seal |
    NtlmFlag.ntlm |
    NtlmFlag.alwaysSign |
    NtlmFlag.extendedSessionSecurity |
    NtlmFlag.targetInfo |
    NtlmFlag.version |
    NtlmFlag.key128 |
    NtlmFlag.keyExchange |
    NtlmFlag.key56) >>>
  0;

/** Without these a context would be weaker than NTLMv2 with 128 bit sealing, so it is refused. */
export const REQUIRED_FLAGS =
  (NtlmFlag.unicode |
    NtlmFlag.sign |
    NtlmFlag.seal |
    NtlmFlag.extendedSessionSecurity |
    NtlmFlag.targetInfo |
    NtlmFlag.key128 |
    NtlmFlag.keyExchange) >>>
  0;

/** True when every bit of `wanted` is set in `flags`. */
export function hasFlags(flags: number, wanted: number): boolean {
  return (flags & wanted) >>> 0 === wanted >>> 0;
}

/** Product version 10.0 build 17763, NTLM revision 15 (MS-NLMP 2.2.2.10); nothing depends on it. */
export const VERSION_BYTES = Buffer.from([10, 0, 0x63, 0x45, 0, 0, 0, 15]);
