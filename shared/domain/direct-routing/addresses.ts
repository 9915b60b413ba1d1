import ipaddr from 'ipaddr.js';
import type { Family } from './operations';

/** One spelling for each address: IPv6 in its shortest form, lower case, without a zone. Text that is none stays. */
export function normaliseAddress(text: string): string {
  const bare = text.trim().split('%')[0] ?? '';
  return ipaddr.isValid(bare) ? ipaddr.parse(bare).toString() : bare.toLowerCase();
}

export function sameAddress(a: string, b: string): boolean {
  return normaliseAddress(a) === normaliseAddress(b);
}

/** `null` for text that is no address. */
export function familyOf(text: string): Family | null {
  const bare = normaliseAddress(text);
  if (!ipaddr.isValid(bare)) return null;
  return ipaddr.parse(bare).kind() === 'ipv4' ? 'IPv4' : 'IPv6';
}

/** Addresses that Windows gives itself (169.254/16, fe80::/10): they come and go and are nobody's wish. */
export function isSelfAssigned(text: string): boolean {
  const bare = normaliseAddress(text);
  return ipaddr.isValid(bare) && ipaddr.parse(bare).range() === 'linkLocal';
}

export function hostPrefix(family: Family): number {
  return family === 'IPv4' ? 32 : 128;
}

/** `00-50-56-9C-1E-07` and `00:50:56:9c:1e:07` are the same. */
export function normaliseMac(text: string): string {
  return text.trim().toLowerCase().replaceAll('-', ':');
}
