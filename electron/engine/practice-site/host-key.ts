import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { seededBytes } from './random';

export interface HostKey {
  /** OpenSSH's private key format: the one that ssh2 reads for Ed25519. */
  readonly privateKey: string;
  /** As `ssh-keygen -l` prints it, without `SHA256:`. */
  readonly sha256: string;
}

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 host key that follows from the practice seed. Worth nothing outside practice. */
export function seededHostKey(seed: number, purpose: string): HostKey {
  const secret = seededBytes(seed, `host key ${purpose}`);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const blob = Buffer.concat([string('ssh-ed25519'), string(open)]);
  const section = Buffer.concat([Buffer.alloc(8, 7), blob, string(Buffer.concat([secret, open])), string('practice')]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, (8 - (section.length % 8)) % 8);
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string('none'),
    string('none'),
    string(''),
    Buffer.from([0, 0, 0, 1]),
    string(blob),
    string(Buffer.concat([section, padding])),
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    privateKey: ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n'),
    sha256: createHash('sha256').update(blob).digest('base64').replace(/=+$/, ''),
  };
}

function string(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
