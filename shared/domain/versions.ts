/** A version of the appliance's software, for example `8.13.2` or `8.13.2-1`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The release after the dash, 0 when there is none. */
  readonly release: number;
}

/** The oldest version that the deployment guide supports [G]. */
export const oldestSupported = '8.9.1';

/** Takes the first version out of a text such as `8.13.2`, `v8.9.1-2` or `Loadbalancer.org 8.13.2 r5`; else `null`. */
export function parseVersion(text: string): Version | null {
  // Neither part of an address nor a date: at most two digits first, no fourth number.
  const found = /(?<!\d)(?<!\d\.)(\d{1,2})\.(\d{1,4})(?:\.(\d{1,6}))?(?:-(\d{1,6}))?(?!\d)(?!\.\d)/.exec(text);
  if (!found) return null;
  return {
    major: Number(found[1]),
    minor: Number(found[2]),
    patch: Number(found[3] ?? 0),
    release: Number(found[4] ?? 0),
  };
}

/** `8.13.2`, or `8.13.2-1` with a release. */
export function formatVersion(version: Version): string {
  const plain = `${version.major}.${version.minor}.${version.patch}`;
  return version.release > 0 ? `${plain}-${version.release}` : plain;
}

/** Below zero when `a` is older than `b`, zero when equal, above zero when newer. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || a.release - b.release;
}

/** Is this text a version that the guide supports? `null` when it is not a version at all. */
export function isSupportedVersion(text: string | null): boolean | null {
  const version = text === null ? null : parseVersion(text);
  const oldest = parseVersion(oldestSupported);
  return version && oldest ? compareVersions(version, oldest) >= 0 : null;
}
