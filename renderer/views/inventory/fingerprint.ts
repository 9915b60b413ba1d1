/** What a person pasted from a console, as the same characters that the probe shows. */
export function normalPasted(pasted: string): string {
  const trimmed = pasted.trim();
  const openssh = /SHA256:([A-Za-z0-9+/=]+)/.exec(trimmed)?.[1];
  if (openssh !== undefined) return openssh.replace(/=+$/, '');
  const hex = trimmed.replace(/^.*fingerprint\s*=\s*/i, '').replace(/[:\s]/g, '');
  return /^[0-9A-Fa-f]{64}$/.test(hex) ? hex.toLowerCase() : trimmed.replace(/\s/g, '');
}

export interface Comparison {
  /** Nothing pasted, all characters alike, or not. */
  readonly verdict: 'none' | 'alike' | 'differs';
  readonly alike: number;
  readonly of: number;
}

/** Compares character by character. */
export function compareFingerprint(fingerprint: string, pasted: string): Comparison {
  const given = normalPasted(pasted);
  const wanted = fingerprint.replace(/=+$/, '');
  const alike = Array.from(wanted).filter((character, index) => given[index] === character).length;
  if (given === '') return { verdict: 'none', alike: 0, of: wanted.length };
  return { verdict: given === wanted ? 'alike' : 'differs', alike, of: wanted.length };
}

/** How a person reads the same fingerprint on the unit's own console. */
export function consoleCommand(kind: 'ssh' | 'webui' | 'winrm', algorithm: string, port: number): string {
  if (kind === 'ssh') {
    const name = ['ED25519', 'RSA', 'ECDSA'].find((word) => algorithm.toUpperCase().includes(word)) ?? 'ED25519';
    return `ssh-keygen -lf /etc/ssh/ssh_host_${name.toLowerCase()}_key.pub`;
  }
  if (kind === 'webui') {
    return `openssl s_client -connect localhost:${port} </dev/null | openssl x509 -noout -fingerprint -sha256`;
  }
  return "Get-ChildItem Cert:\\LocalMachine\\My | ForEach-Object { $_.GetCertHashString('SHA256') }";
}
