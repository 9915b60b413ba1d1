export interface WalkRefusal {
  readonly reason: string;
}

const entryLimit = 500_000;
/** An update names its version in its first entries [V]; this many without one is something else. */
const searchLimit = 2_000;

/** The top folder is `lb_update/<version>/` [V]. */
const versionFolder = /^lb_update\/(\d{1,4}\.\d{1,4}\.\d{1,6}(?:-\d{1,6})?)(?:\/|$)/;

/** Looks at the names in an archive, one after the other, and finds the version they belong to. */
export class EntryRules {
  innerVersion: string | null = null;
  private entries = 0;

  /** `null`: the entry is in order. Names go into the reason shortened, because they come from the archive. */
  look(name: string, type: string, link: string | null): WalkRefusal | null {
    this.entries += 1;
    if (this.entries > entryLimit) return { reason: `It holds more than ${entryLimit} entries.` };
    const path = name.replace(/^(?:\.\/)+/, '');
    if (path === '' || path === '.') return null;
    if (isTrick(path)) return { reason: `The path ${shown(name)} leads out of the archive.` };
    if (!/^lb_update(?:\/|$)/.test(path)) return { reason: `It is not an update archive: it holds ${shown(name)}.` };
    if (type === 'character-device' || type === 'block-device' || type === 'fifo') {
      return { reason: `It holds a device: ${shown(name)}.` };
    }
    if (link !== null && leadsOut(path, link, type))
      return { reason: `The link ${shown(name)} leads out of the archive.` };
    return this.findVersion(path);
  }

  atEnd(): WalkRefusal | null {
    return this.innerVersion === null ? { reason: 'It is not an update archive: it names no version.' } : null;
  }

  private findVersion(path: string): WalkRefusal | null {
    const version = versionFolder.exec(path)?.[1];
    if (version !== undefined) {
      this.innerVersion ??= version;
      if (version !== this.innerVersion)
        return { reason: `It holds two versions: ${this.innerVersion} and ${version}.` };
    } else if (this.innerVersion === null && this.entries > searchLimit) return this.atEnd();
    return null;
  }
}

function isTrick(path: string): boolean {
  // eslint-disable-next-line no-control-regex -- refusing control characters is what this is for
  if (/^[/\\]|^[A-Za-z]:|\\|[\u0000-\u001f]/.test(path)) return true;
  return path.split('/').includes('..');
}

/** A symbolic link is relative to its folder, a hard link to the top; both must stay under `lb_update`. */
function leadsOut(path: string, link: string, type: string): boolean {
  if (type !== 'symlink' && type !== 'link') return false;
  if (link.startsWith('/')) return true;
  const base = type === 'symlink' ? path.split('/').slice(0, -1) : [];
  const parts = [...base];
  for (const part of link.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return true;
  }
  return parts[0] !== 'lb_update';
}

function shown(name: string): string {
  const clean = name.replace(/[^\x20-\x7e]/g, '?');
  return clean.length > 80 ? `${clean.slice(0, 77)}…` : clean;
}
