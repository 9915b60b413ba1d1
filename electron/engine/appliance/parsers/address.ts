import ipaddr from 'ipaddr.js';

/** One spelling for an IPv4 or IPv6 address; anything else only in lower case. */
export function normalAddress(text: string): string {
  const plain = text
    .trim()
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return ipaddr.isValid(plain) ? ipaddr.parse(plain).toString() : plain;
}

/** Does a text name this address as a whole word? `10.0.0.1` is not in `10.0.0.12`. */
export function namesAddress(text: string, address: string): boolean {
  const wanted = normalAddress(address);
  return (text.match(/[0-9A-Fa-f:.]{2,45}/g) ?? []).some((word) => normalAddress(word.replace(/[.:]$/, '')) === wanted);
}

/** Ports of a list such as `80,443` or `80:81` or `8000-8010`, as texts; ranges stay ranges with a colon. */
export function portsOf(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim().replace('-', ':'));
  return parts.filter((part) => /^\d{1,5}(:\d{1,5})?$/.test(part));
}
