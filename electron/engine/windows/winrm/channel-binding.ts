import { createHash } from 'node:crypto';
import { readDer, signatureAlgorithm } from './der';
import { md5 } from './ntlm/index';

type HashName = 'sha256' | 'sha384' | 'sha512' | 'sha224';

// Object identifiers in hex of their DER value. MD5 and SHA-1 signatures count as SHA-256 (RFC 5929 4.1).
const SIGNATURE_HASHES: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  ['2a864886f70d010104', 'sha256'], // md5WithRSAEncryption
  ['2a864886f70d010105', 'sha256'], // sha1WithRSAEncryption
  ['2a864886f70d01010b', 'sha256'], // sha256WithRSAEncryption
  ['2a864886f70d01010c', 'sha384'], // sha384WithRSAEncryption
  ['2a864886f70d01010d', 'sha512'], // sha512WithRSAEncryption
  ['2a864886f70d01010e', 'sha224'], // sha224WithRSAEncryption
  ['2a8648ce3d0401', 'sha256'], // ecdsa-with-SHA1
  ['2a8648ce3d040301', 'sha224'],
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
]);

const RSA_PSS = '2a864886f70d01010a';

const HASHES: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
  ['608648016503040204', 'sha224'],
]);

/** RSASSA-PSS names its hash in the parameters: SEQUENCE { [0] SEQUENCE { OID … } … }; SHA-1 where it is left out. */
function pssHash(parameters: Buffer): HashName | undefined {
  if (parameters.length === 0) return 'sha256';
  const sequence = readDer(parameters).value;
  if (sequence.length === 0 || sequence[0] !== 0xa0) return 'sha256';
  const algorithm = readDer(readDer(sequence).value);
  const oid = readDer(algorithm.value).value.toString('hex');
  return oid === '2b0e03021a' ? 'sha256' : HASHES.get(oid);
}

/** The hash that binds a channel to this certificate, or undefined where RFC 5929 does not define one (Ed25519 …). */
export function endPointHash(certificate: Buffer): HashName | undefined {
  const { oid, parameters } = signatureAlgorithm(certificate);
  return oid === RSA_PSS ? pssHash(parameters) : SIGNATURE_HASHES.get(oid);
}

/**
 * The value of the channel bindings pair: MD5 of a gss_channel_bindings_struct (RFC 4121 4.1.1.2) with no addresses and
 * `tls-server-end-point:` + hash of the DER certificate as application data.
 */
export function channelBindingHash(certificate: Buffer): Buffer | undefined {
  const hash = endPointHash(certificate);
  if (!hash) return undefined;
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), createHash(hash).update(certificate).digest()]);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return md5(head, data);
}
