import ipaddr from 'ipaddr.js';
import type { Family } from './operations';

/** IPv4 as everybody writes it: most addresses are, and need no parser. */
const dotted = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;

/** IPv6 in its shortest form already: the gap is the only run of zeros, so there is no other way to write it. */
const short = /^(?:[1-9a-f][\da-f]{0,3}:)*(?:[1-9a-f][\da-f]{0,3})?::(?:[1-9a-f][\da-f]{0,3}(?::(?!$)|$))*$/;

function isShort(text: string): boolean {
  return short.test(text) && !text.includes(':::') && (text.match(/[^:]+/g)?.length ?? 0) <= 6;
}

/** One spelling for each address: IPv6 in its shortest form, lower case, without a zone. Text that is none stays. */
export function normaliseAddress(text: string): string {
  if (dotted.test(text) || isShort(text)) return text;
  const bare = bareOf(text);
  return ipaddr.isValid(bare) ? ipaddr.parse(bare).toString() : bare.toLowerCase();
}

export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.includes(':') !== b.includes(':')) return false;
  const [left, right] = [lastGroup(a), lastGroup(b)];
  if (left !== null && right !== null && left !== right) return false;
  return normaliseAddress(a) === normaliseAddress(b);
}

/** `null` for text that is no address. */
export function familyOf(text: string): Family | null {
  if (dotted.test(text)) return 'IPv4';
  if (isShort(text)) return 'IPv6';
  const bare = bareOf(text);
  if (!ipaddr.isValid(bare)) return null;
  return bare.includes(':') ? 'IPv6' : 'IPv4';
}

/** Addresses that Windows gives itself (169.254/16, fe80::/10): they come and go and are nobody's wish. */
export function isSelfAssigned(text: string): boolean {
  return familyOf(text) === 'IPv4' ? normaliseAddress(text).startsWith('169.254.') : /^\s*fe[89ab][\da-f]:/i.test(text);
}

function bareOf(text: string): string {
  return text.trim().split('%')[0] ?? '';
}

/** The last 16 bits of an IPv6 address in plain text, which tell most of them apart without a parser. */
function lastGroup(text: string): number | null {
  const found = /:([\da-f]{0,4})$/i.exec(text);
  return found === null ? null : Number.parseInt(`0${found[1] ?? ''}`, 16);
}

export function hostPrefix(family: Family): number {
  return family === 'IPv4' ? 32 : 128;
}

/** `00-50-56-9C-1E-07` and `00:50:56:9c:1e:07` are the same. */
export function normaliseMac(text: string): string {
  return text.trim().toLowerCase().replaceAll('-', ':');
}
