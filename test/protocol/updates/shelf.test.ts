import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EvenkeelError } from '#shared/errors';
import { makeArchive, temporaryFolder, writeChecksum, type MadeArchive } from './make-archive';
import { openShelf, type OpenShelf } from './open-shelf';

const going = new AbortController().signal;
/** The code, and for a damaged archive what was found. */
const whyNot = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof EvenkeelError ? `${error.code}: ${String(error.details.reason)}` : String(error);
  }
};
const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof EvenkeelError ? error.code : String(error);
  }
};

let folder: string;
let opened: OpenShelf;
let made: MadeArchive;

beforeEach(async () => {
  folder = temporaryFolder();
  opened = await openShelf(folder);
  made = makeArchive({ folder });
});
afterEach(async () => {
  await opened.database.close();
  rmSync(folder, { recursive: true });
});

const shelve = (archive = made.archive, checksum: string | null = made.checksum): Promise<unknown> =>
  opened.shelf.shelve(archive, checksum, 'jokafor', going);

/** Nothing of a refused archive stays behind. */
const expectEmpty = (): void => {
  expect(opened.shelf.list()).toEqual([]);
  expect(opened.shelf.underway()).toEqual([]);
  expect(readdirSync(opened.folder)).toEqual([]);
};

describe('shelving an archive', () => {
  it('copies it unchanged, with the digests that md5sum and sha256sum print', async () => {
    await shelve();
    const [archive] = opened.shelf.list();
    expect(archive).toMatchObject({
      version: '8.13.2',
      innerVersion: '8.13.2',
      verdict: 'verified',
      addedBy: 'jokafor',
    });
    const print = (tool: string): string =>
      execFileSync(tool, [made.archive])
        .toString()
        .slice(0, tool === 'md5sum' ? 32 : 64);
    expect(archive?.md5).toBe(print('md5sum'));
    expect(archive?.sha256).toBe(print('sha256sum'));
    expect(readFileSync(opened.shelf.fileOf(archive?.id ?? '')).equals(readFileSync(made.archive))).toBe(true);
    expect(opened.audited).toEqual(['archive.shelved lb_update.8.13.2-1.lb.tar.gz']);
  });

  it.each(['md5sum', 'sha1sum', 'sha256sum', 'sha512sum'] as const)('accepts what %s prints', async (tool) => {
    await shelve(made.archive, writeChecksum(made.archive, tool));
    expect(opened.shelf.list()[0]).toMatchObject({ verdict: 'verified', checksum: { algorithm: tool.slice(0, -3) } });
  });

  it('accepts a tar whose paths begin with a dot, and an inner version with its release', async () => {
    const tree = join(folder, 'dotted');
    mkdirSync(join(tree, 'lb_update', '8.13.2-1'), { recursive: true });
    execFileSync('tar', ['-czf', made.archive, '-C', tree, '.']);
    await shelve(made.archive, writeChecksum(made.archive, 'md5sum'));
    expect(opened.shelf.list()[0]?.innerVersion).toBe('8.13.2-1');
  });

  it('tells of its progress until it is done', async () => {
    const seen: number[] = [];
    const other = await openShelf(folder, { onChange: (shelf) => seen.push(shelf.underway().length) });
    await other.shelf.shelve(made.archive, made.checksum, 'jokafor', going);
    await other.database.close();
    expect(seen).toContain(1);
    expect(seen.at(-1)).toBe(0);
  });

  it('keeps one whose checksum differs, as damaged, never verified', async () => {
    writeFileSync(made.checksum, `${'0'.repeat(32)}\n`);
    await shelve();
    expect(opened.shelf.list()[0]).toMatchObject({ verdict: 'damaged', fault: 'checksum_mismatch' });
  });

  it('says of a copy that stopped short that it did, beside its wrong checksum', async () => {
    truncateSync(made.archive, 200_000);
    await shelve();
    expect(opened.shelf.list()[0]).toMatchObject({ verdict: 'damaged', innerVersion: null });
    expect(opened.shelf.list()[0]?.verdictText).toContain('It stops short');
  });

  it('keeps one without checksum, and verifies it once the checksum is added', async () => {
    const archive = await opened.shelf.shelve(made.archive, null, 'jokafor', going);
    expect(archive.verdict).toBe('no-checksum');
    writeFileSync(made.checksum, `${'0'.repeat(32)}\n`);
    expect(await code(opened.shelf.addChecksum(archive.id, made.checksum, 'mreyes', going))).toBe('checksum_mismatch');
    expect(opened.shelf.list()[0]?.verdict).toBe('no-checksum');
    const sha512 = writeChecksum(made.archive, 'sha512sum');
    expect((await opened.shelf.addChecksum(archive.id, sha512, 'mreyes', going)).verdict).toBe('verified');
    expect(opened.audited.at(-1)).toBe('archive.checksum lb_update.8.13.2-1.lb.tar.gz');
  });

  it('gives an archive that is brought again, now with its checksum, its verdict', async () => {
    await shelve(made.archive, null);
    await shelve();
    expect(opened.shelf.list().map(({ verdict }) => verdict)).toEqual(['verified']);
    expect(readdirSync(opened.folder)).toHaveLength(1);
    expect(await code(shelve())).toBe('conflict');
    expect(readdirSync(opened.folder)).toHaveLength(1);
  });
});

describe('an archive that is refused leaves the shelf as it was', () => {
  it('wrong name', async () => {
    const other = join(folder, 'update.tar.gz');
    renameSync(made.archive, other);
    expect(await code(shelve(other))).toBe('archive_wrong_name');
    expectEmpty();
  });

  it('another version inside than its name says', async () => {
    made = makeArchive({ folder, inner: '8.13.1' });
    expect(await code(shelve())).toBe('archive_version_mismatch');
    expectEmpty();
  });

  it.each([1, 10, 50, 99])('truncated at %i percent, without a checksum to tell', async (percent) => {
    truncateSync(made.archive, Math.floor((readFileSync(made.archive).length * percent) / 100));
    expect(await code(shelve(made.archive, null))).toBe('archive_damaged');
    expectEmpty();
  });

  it('one byte flipped in the middle, without a checksum to tell', async () => {
    const bytes = readFileSync(made.archive);
    bytes[150_000] = (bytes[150_000] ?? 0) ^ 0xff;
    writeFileSync(made.archive, bytes);
    expect(await code(shelve(made.archive, null))).toBe('archive_damaged');
    expectEmpty();
  });

  it.each<[string, string, () => void]>([
    ['empty', 'It stops short', () => truncateSync(made.archive, 0)],
    ['not gzip', 'It is not a gzip archive', () => writeFileSync(made.archive, 'GIF89a and more')],
    [
      'gzip of something else',
      'is not a tar archive',
      () => writeFileSync(made.archive, execFileSync('gzip', ['-c'], { input: 'a text, no archive\n'.repeat(99) })),
    ],
    ['a tar of something else', 'it holds holiday/', () => void makeArchive({ folder, top: 'holiday' })],
  ])('%s', async (_what, reason, spoil) => {
    spoil();
    const why = await whyNot(shelve(made.archive, null));
    expect(why).toContain('archive_damaged');
    expect(why).toContain(reason);
    expectEmpty();
  });

  it.each<[string, readonly string[]]>([
    ['a path that climbs out', ['--transform', 's,install.sh,../../etc/passwd,']],
    ['an absolute path', ['-P', '--transform', 's,.*install.sh,/etc/passwd,']],
  ])('%s', async (_what, options) => {
    const tree = join(folder, 'tricks', 'lb_update', '8.13.2');
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, 'install.sh'), '');
    execFileSync('tar', ['-czf', made.archive, ...options, '-C', join(folder, 'tricks'), 'lb_update']);
    expect(await whyNot(shelve(made.archive, null))).toContain('leads out of the archive');
    expectEmpty();
  });

  it('a link that leads out of it', async () => {
    const tree = join(folder, 'links', 'lb_update', '8.13.2');
    mkdirSync(tree, { recursive: true });
    symlinkSync('/etc/shadow', join(tree, 'link'));
    execFileSync('tar', ['-czf', made.archive, '-C', join(folder, 'links'), 'lb_update']);
    expect(await whyNot(shelve(made.archive, null))).toContain('The link lb_update/8.13.2/link leads out');
    expectEmpty();
  });

  it('one that unpacks to far more than its size', async () => {
    const tree = join(folder, 'bomb', 'lb_update', '8.13.2');
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, 'zeros'), Buffer.alloc(100 * 1024 * 1024));
    execFileSync('tar', ['-czf', made.archive, '-C', join(folder, 'bomb'), 'lb_update']);
    expect(await whyNot(shelve(made.archive, null))).toContain('unpacks to more than 200 times');
    expectEmpty();
  });

  it.each(['', 'no digest here', 'a'.repeat(31)])('a checksum file of %j', async (text) => {
    writeFileSync(made.checksum, text);
    expect(await code(shelve())).toBe('checksum_not_understood');
    expectEmpty();
  });

  it('a file that is not there', async () => {
    rmSync(made.archive);
    expect(await code(shelve())).toBe('file_unreadable');
    expectEmpty();
  });

  it('too little room on this computer', async () => {
    const full = await openShelf(folder, { free: 1_000_000 });
    expect(await code(full.shelf.shelve(made.archive, made.checksum, 'jokafor', going))).toBe('local_disk_full');
    expectEmpty();
    await full.database.close();
  });

  it('a file that grows while it is read', async () => {
    let grown = false;
    const other = await openShelf(folder, {
      onChange: (shelf) => {
        if (grown || shelf.underway().length === 0) return;
        grown = true;
        appendFileSync(made.archive, 'more');
      },
    });
    made = makeArchive({ folder, bytes: 3_000_000 });
    expect(await code(other.shelf.shelve(made.archive, null, 'jokafor', going))).toBe('source_changed');
    expect(grown).toBe(true);
    expectEmpty();
    await other.database.close();
  });

  it('cancelled', async () => {
    expect(await code(opened.shelf.shelve(made.archive, null, 'jokafor', AbortSignal.abort()))).toContain('AbortError');
    expectEmpty();
  });
});

describe('the shelf and its files', () => {
  it('finds at start what a crash left, what is gone and what was changed', async () => {
    await shelve();
    const other = makeArchive({ folder, name: 'lb_update.8.13.3-1.lb.tar.gz', inner: '8.13.3' });
    await shelve(other.archive, other.checksum);
    const [first, second] = opened.shelf.list();
    rmSync(opened.shelf.fileOf(first?.id ?? ''));
    appendFileSync(opened.shelf.fileOf(second?.id ?? ''), 'x');
    writeFileSync(join(opened.folder, 'left.lb.tar.gz.part'), 'half');
    const again = await openShelf(folder, { database: opened.database });
    expect(
      again.shelf
        .list()
        .map(({ verdict, verdictText }) => `${verdict}: ${verdictText}`)
        .sort(),
    ).toEqual(['damaged: Its file is gone from the shelf.', 'damaged: Its file on the shelf was changed.']);
    expect(readdirSync(opened.folder)).toHaveLength(1);
  });

  it('finds before use a file that was exchanged for one of the same size', async () => {
    const archive = await opened.shelf.shelve(made.archive, made.checksum, 'jokafor', going);
    await opened.shelf.verify(archive.id, going);
    const path = opened.shelf.fileOf(archive.id);
    const bytes = readFileSync(path);
    bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await code(opened.shelf.verify(archive.id, going))).toBe('archive_damaged');
    expect(opened.shelf.list()[0]?.verdict).toBe('damaged');
  });

  it('forgets an archive that is removed, with its file', async () => {
    copyFileSync(made.archive, join(folder, 'kept'));
    const archive = await opened.shelf.shelve(made.archive, made.checksum, 'jokafor', going);
    await opened.shelf.remove(archive.id, 'mreyes');
    expectEmpty();
    expect(opened.audited.at(-1)).toBe('archive.removed lb_update.8.13.2-1.lb.tar.gz');
    expect(await code(opened.shelf.remove(archive.id, 'mreyes'))).toBe('not_found');
  });
});
