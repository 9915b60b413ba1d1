import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const programs: Readonly<Record<string, readonly string[]>> = {
  iproute2: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'],
  nftables: ['/usr/sbin/nft'],
  'iputils-arping': ['/usr/bin/arping', '/usr/sbin/arping'],
  'openssh-server': ['/usr/sbin/sshd'],
  'openssh-client': ['/usr/bin/ssh'],
  apache2: ['/usr/sbin/apache2'],
  dcmtk: ['/usr/bin/storescp'],
  curl: ['/usr/bin/curl'],
  perl: ['/usr/bin/perl'],
  openssl: ['/usr/bin/openssl'],
};

/** Why the network lab cannot run here; `null` when it can. */
export function noLab(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const missing = Object.entries(programs).filter(([, paths]) => !paths.some((path) => existsSync(path)));
  if (missing.length > 0) return `not installed: ${missing.map(([name]) => name).join(', ')}`;
  // A container may have a root who may not make namespaces, or a kernel without what forwarding needs.
  const probe = spawnSync('unshare', ['-n', 'sh', '-c', `ip link add probe0 type bridge && nft -f -`], {
    input: 'table netdev t { chain c { type filter hook ingress device lo priority 0; fwd to lo; }\n}\n',
    timeout: 10_000,
  });
  return probe.status === 0 ? null : 'the kernel has no namespaces, bridges or nftables here';
}
