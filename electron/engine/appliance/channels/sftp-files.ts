import type { SFTPWrapper } from 'ssh2';

type Callback<T> = (error: Error | null | undefined, value: T) => void;

/** One request as a promise; its failure stays the library's error until `sftpFailure` names it. */
async function request<T>(start: (callback: Callback<T>) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 2;

/** Size in bytes, or `null` when there is no such file. */
export async function sftpSize(session: SFTPWrapper, path: string): Promise<number | null> {
  try {
    return (await request<{ size: number }>((done) => session.stat(path, (error, stats) => done(error, stats)))).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export async function sftpOpen(session: SFTPWrapper, path: string, flags: 'r+' | 'w'): Promise<Buffer> {
  return request<Buffer>((done) => session.open(path, flags, { mode: 0o600 }, (error, handle) => done(error, handle)));
}

export async function sftpClose(session: SFTPWrapper, handle: Buffer): Promise<void> {
  await request<undefined>((done) => session.close(handle, (error) => done(error, undefined)));
}

/** Removes a file; no error when it is not there. */
export async function sftpUnlink(session: SFTPWrapper, path: string): Promise<void> {
  try {
    await request<undefined>((done) => session.unlink(path, (error) => done(error, undefined)));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Renames over an existing file: atomically where the unit has OpenSSH's extension, else by removing it first. */
export async function sftpReplace(session: SFTPWrapper, from: string, to: string): Promise<void> {
  try {
    await request<undefined>((done) => session.ext_openssh_rename(from, to, (error) => done(error, undefined)));
  } catch (error) {
    if (isMissing(error)) throw error;
    await sftpUnlink(session, to);
    await request<undefined>((done) => session.rename(from, to, (renameError) => done(renameError, undefined)));
  }
}
