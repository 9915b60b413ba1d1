import { join } from 'node:path';
import { openDatabase, type Database } from '#engine/database/index';
import { freeBytesOfFolder, ShelfFolder } from '#engine/updates/shelf/folder';
import { Shelf } from '#engine/updates/shelf/shelf';
import { ArchiveStore } from '#engine/updates/store';

export interface OpenShelf {
  readonly shelf: Shelf;
  readonly folder: string;
  readonly database: Database;
  readonly audited: string[];
}

/** A shelf in a folder, over a database in memory or the one given. */
export async function openShelf(
  folder: string,
  options: { readonly free?: number; readonly database?: Database; readonly onChange?: (shelf: Shelf) => void } = {},
): Promise<OpenShelf> {
  const database = options.database ?? (await openDatabase({ file: ':memory:' }));
  const audited: string[] = [];
  const path = join(folder, 'shelf');
  const { free } = options;
  const shelf: Shelf = new Shelf({
    folder: new ShelfFolder(path, free === undefined ? freeBytesOfFolder : () => Promise.resolve(free)),
    store: new ArchiveStore(database),
    audit: { append: ({ what, subject }) => Promise.resolve(audited.push(`${what} ${subject}`)) },
    practice: () => false,
    now: () => 1_800_000_000_000,
    changed: () => {
      options.onChange?.(shelf);
    },
  });
  const opened: OpenShelf = { shelf, folder: path, database, audited };
  await shelf.open();
  return opened;
}
