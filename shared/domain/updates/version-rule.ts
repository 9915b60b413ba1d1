import { compareVersions, isSupportedVersion, parseVersion, type Version } from '../versions';
import { parseArchiveName } from './archive-name';

/**
 * May an archive of this version go onto a unit of that one?
 * `same`: it is installed already. `unreadable`: the unit's version is not known, so nothing can be said.
 */
export type VersionRule = 'newer' | 'same' | 'downgrade' | 'unsupported' | 'unreadable';

/**
 * Compares by the three numbers, and by the release only where the unit tells its own: `version.txt` names the release
 * in some versions only [V], and without it an archive of the same three numbers counts as installed.
 */
export function updateRule(installed: string | null, archive: Version): VersionRule {
  const now = installed === null ? null : parseVersion(installed);
  if (!now) return 'unreadable';
  if (isSupportedVersion(installed) === false) return 'unsupported';
  const wanted = now.release === 0 ? { ...archive, release: 0 } : archive;
  const order = compareVersions(wanted, now);
  if (order === 0) return 'same';
  return order > 0 ? 'newer' : 'downgrade';
}

/** Do two texts name the same version, by the three numbers? */
export function isSameVersion(a: string | null, b: string | null): boolean {
  const left = a === null ? null : parseVersion(a);
  const right = b === null ? null : parseVersion(b);
  if (!left || !right) return false;
  return compareVersions({ ...left, release: 0 }, { ...right, release: 0 }) === 0;
}

/** Does a unit that names this version hold what the archive of this name installs? Its release counts where it tells it. */
export function isInstalled(version: string | null, archiveFileName: string): boolean {
  const archive = parseArchiveName(archiveFileName);
  return archive !== null && updateRule(version, archive.parsed) === 'same';
}
