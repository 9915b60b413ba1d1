import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { Machine } from './machine';
import { UnitFileError, type FileFacts } from './unit-files';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
/** The byte that a damaged upload has wrong. */
const damagedAt = 1_000;

type Open =
  | { readonly kind: 'file'; readonly handle: FileHandle }
  | { readonly kind: 'made'; readonly bytes: Buffer }
  | { readonly kind: 'folder'; readonly path: string; names: readonly string[] };

/** The SFTP subsystem of a unit: version 3, as OpenSSH serves it. */
export function serveSftp(sftp: SFTPWrapper, machine: Machine): void {
  const { files } = machine;
  const handles = new Map<number, Open>();
  let nextHandle = 1;

  // One request after the other, as OpenSSH's server does: its client cuts an upload at the first answer out of turn.
  let turn = Promise.resolve();
  const answer = (id: number, work: () => Promise<void>): void => {
    turn = turn.then(work).catch((error: unknown) => {
      const [code, text] = statusOf(error);
      sftp.status(id, code, text);
    });
  };
  const keep = (id: number, item: Open): void => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(nextHandle);
    handles.set(nextHandle++, item);
    sftp.handle(id, handle);
  };
  const find = (handle: Buffer): Open => {
    const item = handle.length === 4 ? handles.get(handle.readUInt32BE(0)) : undefined;
    if (!item) throw new UnitFileError('other', 'Invalid handle');
    return item;
  };
  const fileOf = (handle: Buffer): FileHandle => {
    const item = find(handle);
    if (item.kind !== 'file') throw new UnitFileError('denied', 'Permission denied');
    return item.handle;
  };
  const done = (id: number): void => sftp.status(id, STATUS_CODE.OK);
  const stat = (id: number, path: string): void =>
    answer(id, async () => sftp.attrs(id, attributes(await files.facts(path))));

  sftp.on('OPEN', (id, path, flags) =>
    answer(id, async () => {
      if (files.isGenerated(path) && (flags & OPEN_MODE.WRITE) === 0) {
        const chunks: Buffer[] = [];
        for await (const chunk of await files.source(path)) chunks.push(chunk);
        keep(id, { kind: 'made', bytes: Buffer.concat(chunks) });
        return;
      }
      if (flags & OPEN_MODE.CREAT && flags & OPEN_MODE.WRITE) files.checkSpace();
      keep(id, { kind: 'file', handle: await files.open(path, openFlags(flags)) });
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const item = find(handle);
      const size = Math.min(length, 256 * 1024);
      if (item.kind === 'made') {
        const part = item.bytes.subarray(offset, offset + size);
        if (part.length) sftp.data(id, part);
        else sftp.status(id, STATUS_CODE.EOF);
        return;
      }
      const { bytesRead, buffer } = await fileOf(handle).read(Buffer.allocUnsafe(size), 0, size, offset);
      if (bytesRead) sftp.data(id, buffer.subarray(0, bytesRead));
      else sftp.status(id, STATUS_CODE.EOF);
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    answer(id, async () => {
      const file = fileOf(handle);
      files.checkSpace();
      const damaged = machine.faults.find('damaged-upload') ? damage(data, offset) : data;
      await file.write(damaged, 0, damaged.length, offset);
      done(id);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      const item = find(handle);
      handles.delete(handle.readUInt32BE(0));
      if (item.kind === 'file') await item.handle.close();
      done(id);
    }),
  );
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () => keep(id, { kind: 'folder', path, names: await files.list(path) })),
  );
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const item = find(handle);
      if (item.kind !== 'folder' || !item.names.length) {
        sftp.status(id, STATUS_CODE.EOF);
        return;
      }
      const names = await Promise.all(
        item.names.map(async (filename) => {
          const facts = await files.facts(posix.join(files.resolve(item.path), filename));
          const mode = facts.kind === 'folder' ? 'drwxr-xr-x' : '-rw-r--r--';
          const longname = `${mode} 1 root root ${facts.size} Jan 1 00:00 ${filename}`;
          return { filename, longname, attrs: attributes(facts) };
        }),
      );
      item.names = [];
      sftp.name(id, names);
    }),
  );
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('FSTAT', (id, handle) =>
    answer(id, async () => {
      const item = find(handle);
      if (item.kind === 'made') {
        sftp.attrs(id, attributes({ kind: 'file', size: item.bytes.length, modifiedAt: Date.now() }));
        return;
      }
      const facts = await fileOf(handle).stat();
      sftp.attrs(id, attributes({ kind: 'file', size: facts.size, modifiedAt: facts.mtimeMs }));
    }),
  );
  sftp.on('FSETSTAT', (id, handle, attrs) =>
    answer(id, async () => {
      const { size } = givenSize(attrs);
      if (size !== null) await fileOf(handle).truncate(size);
      done(id);
    }),
  );
  sftp.on('SETSTAT', (id, path, attrs) =>
    answer(id, async () => {
      const { size } = givenSize(attrs);
      if (size !== null) {
        const file = await files.open(path, constants.O_WRONLY);
        await file.truncate(size);
        await file.close();
      } else await files.facts(path);
      done(id);
    }),
  );
  sftp.on('REALPATH', (id, path) => {
    const filename = files.resolve(path);
    const attrs = attributes({ kind: 'file', size: 0, modifiedAt: 0 });
    sftp.name(id, [{ filename, longname: filename, attrs }]);
  });
  sftp.on('RENAME', (id, from, to) =>
    answer(id, async () => {
      // Version 3 does not replace: OpenSSH's server fails here too.
      if (await files.exists(to)) throw new UnitFileError('other', 'File exists');
      await files.move(from, to);
      done(id);
    }),
  );
  sftp.on('REMOVE', (id, path) =>
    answer(id, async () => {
      await files.remove(path);
      done(id);
    }),
  );
  sftp.on('MKDIR', (id, path) =>
    answer(id, async () => {
      await files.makeFolder(path, false);
      done(id);
    }),
  );
  sftp.on('RMDIR', (id, path) =>
    answer(id, async () => {
      await files.remove(path, true);
      done(id);
    }),
  );
  const closeAll = (): void => {
    for (const item of handles.values()) {
      // The client is gone: nobody is left to hear of a failure.
      if (item.kind === 'file') item.handle.close().catch(() => undefined);
    }
    handles.clear();
  };
  sftp.on('close', closeAll);
  // As OpenSSH's server does: the channel closes when the client has no more to ask.
  sftp.on('end', () => {
    void turn.then(() => {
      closeAll();
      sendExitStatus(sftp);
      sftp.end();
    });
  });
}

/** `scp` takes a channel that ends without a status for a failure, and ssh2 offers no way to send one here. */
function sendExitStatus(sftp: SFTPWrapper): void {
  const protocol: unknown = Reflect.get(sftp, '_protocol');
  const outgoing: unknown = Reflect.get(sftp, 'outgoing');
  if (!(protocol instanceof Object) || !(outgoing instanceof Object)) return;
  const send: unknown = Reflect.get(protocol, 'exitStatus');
  if (typeof send === 'function') send.call(protocol, Reflect.get(outgoing, 'id'), 0);
}

function statusOf(error: unknown): [number, string] {
  if (!(error instanceof UnitFileError)) return [STATUS_CODE.FAILURE, 'Failure'];
  if (error.kind === 'missing') return [STATUS_CODE.NO_SUCH_FILE, error.message];
  if (error.kind === 'denied') return [STATUS_CODE.PERMISSION_DENIED, error.message];
  // Version 3 has no code for a full disk.
  return [STATUS_CODE.FAILURE, error.message];
}

function openFlags(flags: number): number {
  const reads = (flags & OPEN_MODE.READ) !== 0;
  const writes = (flags & OPEN_MODE.WRITE) !== 0;
  return (
    (writes ? (reads ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY) |
    (flags & OPEN_MODE.CREAT ? constants.O_CREAT : 0) |
    (flags & OPEN_MODE.TRUNC ? constants.O_TRUNC : 0) |
    (flags & OPEN_MODE.EXCL ? constants.O_EXCL : 0)
  );
}

function attributes(facts: FileFacts): Attributes {
  const time = Math.floor(facts.modifiedAt / 1000);
  return {
    mode: facts.kind === 'folder' ? 0o40755 : 0o100644,
    uid: 0,
    gid: 0,
    size: facts.size,
    atime: time,
    mtime: time,
  };
}

/** ssh2 leaves out what the request does not carry, whatever its type says. */
function givenSize(attrs: Partial<Attributes>): { size: number | null } {
  return { size: attrs.size ?? null };
}

function damage(data: Buffer, offset: number): Buffer {
  const at = damagedAt - offset;
  const byte = data[at];
  if (byte === undefined) return data;
  const copy = Buffer.from(data);
  copy[at] = byte ^ 0x10;
  return copy;
}
