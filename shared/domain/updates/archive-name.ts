import { parseVersion, type Version } from '../versions';

/** What an update archive's file name says. */
export interface ArchiveName {
  readonly fileName: string;
  /** Without the release, for example `8.13.2`. */
  readonly version: string;
  readonly release: number;
  /** The same with its release, for comparing. */
  readonly parsed: Version;
}

/** `lb_update.<maj>.<min>.<patch>-<rel>.lb.tar.gz` [V]. */
const form = /^lb_update\.(\d{1,4}\.\d{1,4}\.\d{1,6})-(\d{1,6})\.lb\.tar\.gz$/;

/** The form of the name, in words. */
export const archiveNameRule = 'lb_update.<major>.<minor>.<patch>-<release>.lb.tar.gz';

/** `null` when this is not the name of an update archive. Takes a bare name, never a path. */
export function parseArchiveName(fileName: string): ArchiveName | null {
  const found = form.exec(fileName);
  const version = found?.[1];
  const release = found?.[2];
  if (version === undefined || release === undefined) return null;
  const parsed = parseVersion(version);
  if (!parsed) return null;
  return { fileName, version, release: Number(release), parsed: { ...parsed, release: Number(release) } };
}

/** The last part of a path of either kind of system. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
