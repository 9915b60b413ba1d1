import { BlockList, isIPv6 } from 'node:net';

/** Output of `ndisc6 -m`: every MAC that answered, in lower case and order of first answer [V]. */
export function parseNdisc6(text: string): readonly string[] {
  const found = [...text.matchAll(/link-layer address: ([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s/gi)];
  return [...new Set(found.map((match) => (match[1] ?? '').toLowerCase()))];
}

/** `ip -o -6 addr show`: the interface whose network holds an IPv6 address; `null` when none does. */
export function interfaceFor6(text: string, address: string): string | null {
  if (!isIPv6(address)) return null;
  for (const line of text.split(/\r?\n/)) {
    const match = /^\d+:\s+([A-Za-z0-9_.-]{1,15})\S*\s+inet6\s+([0-9a-f:]+)\/(\d{1,3})\b/i.exec(line);
    const prefix = Number(match?.[3] ?? 128);
    const own = match?.[2] ?? '';
    if (match?.[1] === undefined || match[1] === 'lo' || !isIPv6(own) || prefix >= 128) continue;
    const segment = new BlockList();
    segment.addSubnet(own, prefix, 'ipv6');
    if (segment.check(address, 'ipv6')) return match[1];
  }
  return null;
}
