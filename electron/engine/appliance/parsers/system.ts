import { formatVersion, parseVersion } from '#shared/domain/versions';

/** `version.txt`: its format changed over time [V], so the first version in it counts; `null` when there is none. */
export function parseVersionFile(text: string): string | null {
  const found = parseVersion(text);
  return found ? formatVersion(found) : null;
}

/** `update_available` holds `""` when there is none [V]; else the notice without markup. */
export function parseUpdateNotice(text: string): string {
  return text
    .replace(/<[^>]{0,500}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
    .slice(0, 500);
}

/** `df -Pk PATH`: bytes free and in all of the last file system listed; `null` when there is none. */
export function parseDf(text: string): { readonly freeBytes: number; readonly totalBytes: number } | null {
  const rows = [...text.matchAll(/^\S.*?\s(\d{1,15})\s+(\d{1,15})\s+(-?\d{1,15})\s+\d{1,3}%\s+\/.*$/gm)];
  const row = rows.at(-1);
  if (!row) return null;
  return { freeBytes: Math.max(0, Number(row[3])) * 1024, totalBytes: Number(row[1]) * 1024 };
}

/** A digest as `sha256sum` and its kin print it: lower-case hex of this length in digits; else `null`. */
export function parseDigest(text: string, digits: number): string | null {
  const found = /^\\?([0-9A-Fa-f]+)\s/m.exec(`${text}\n`)?.[1]?.toLowerCase();
  return found?.length === digits ? found : null;
}

/** Output of iputils' arping: every MAC that answered, in lower case and order of first answer. */
export function parseArping(text: string): readonly string[] {
  const found = [...text.matchAll(/reply from \S+ \[([0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5})\]/gi)];
  return [...new Set(found.map((match) => normalMac(match[1] ?? '')))];
}

function normalMac(text: string): string {
  return text
    .toLowerCase()
    .split(':')
    .map((part) => part.padStart(2, '0'))
    .join(':');
}

/** Files of `/etc/rc.d/auto_fwmarks` as `grep -H ''` prints them: each mark with its text [V]. */
export function parseMarkFiles(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /fwmark-(\d{1,9})[^:]*:(.*)$/.exec(line);
    if (!match) continue;
    const mark = Number(match[1]);
    found.set(mark, `${found.get(mark) ?? ''}${match[2] ?? ''}\n`);
  }
  return found;
}

/** `ip -o addr show`: the interface whose network holds an IPv4 address; `null` when none does. */
export function interfaceFor(text: string, address: string): string | null {
  const wanted = ipv4Number(address);
  for (const line of text.split(/\r?\n/)) {
    const match = /^\d+:\s+([A-Za-z0-9_.-]{1,15})\S*\s+inet\s+([0-9.]+)\/(\d{1,2})\b/.exec(line);
    const here = match ? ipv4Number(match[2] ?? '') : null;
    if (!match || here === null || wanted === null || match[1] === 'lo') continue;
    const prefix = Number(match[3]);
    const size = 2 ** (32 - Math.min(32, prefix));
    if (prefix < 32 && Math.floor(here / size) === Math.floor(wanted / size)) return match[1] ?? null;
  }
  return null;
}

/** An IPv4 address as a number; `null` when it is none. */
export function ipv4Number(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
