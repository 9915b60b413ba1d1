/** What to do with files that were dropped or chosen together. */
export interface Sorted<F> {
  readonly archives: readonly { readonly archive: F; readonly checksum: F | null }[];
  /** Checksum files that belong to none of the archives given with them. */
  readonly checksums: readonly F[];
}

const archiveForm = /\.(tar\.gz|tgz)$/i;
const checksumForm = /\.(md5|sha1|sha256|sha512|md5sum|sha256sum|sum|txt)$/i;

/** Puts each checksum file beside its archive: by name, or because there is one of each. Other files count as archives: the shelf tells what is wrong with them. */
export function sortFiles<F extends { readonly name: string }>(files: readonly F[]): Sorted<F> {
  const checksums = files.filter((file) => checksumForm.test(file.name) && !archiveForm.test(file.name));
  const archives = files.filter((file) => !checksums.includes(file));
  const taken = new Set<F>();
  const pairs = archives.map((archive) => {
    const own =
      checksums.find((file) => belongsTo(file.name, archive.name)) ??
      (archives.length === 1 && checksums.length === 1 ? checksums[0] : undefined);
    if (own !== undefined) taken.add(own);
    return { archive, checksum: own ?? null };
  });
  return { archives: pairs, checksums: checksums.filter((file) => !taken.has(file)) };
}

/** `lb_update.8.13.2-1.lb.tar.gz.md5` and `lb_update.8.13.2-1.lb.md5` both belong to `lb_update.8.13.2-1.lb.tar.gz`. */
export function belongsTo(checksum: string, archive: string): boolean {
  const stem = archive.replace(archiveForm, '');
  return checksum.startsWith(`${archive}.`) || checksum.replace(checksumForm, '') === stem;
}
