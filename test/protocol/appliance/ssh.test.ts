import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvenkeelError } from '#shared/errors';
import { SshChannel } from '#engine/appliance/channels/ssh';
import type { SshEndpoint } from '#engine/appliance/channels/ssh-connection';
import { uploadFile } from '#engine/appliance/channels/sftp-upload';
import type { UploadInput } from '#engine/appliance/types';
import { cuttingRelay, freePort, noOpenSsh, OpenSsh } from './openssh';

const never = new AbortController().signal;
const run = { step: 'test', timeoutMs: 10_000, maxBytes: 1_000_000 };

async function failure(work: Promise<unknown>): Promise<EvenkeelError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EvenkeelError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe.skipIf(noOpenSsh)(`SSH channel against OpenSSH${noOpenSsh ? ` (skipped: ${noOpenSsh})` : ''}`, () => {
  let server: OpenSsh;
  let folder: string;
  const open: SshChannel[] = [];

  beforeAll(async () => {
    server = await OpenSsh.start();
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-upload-'));
  });
  afterAll(async () => {
    await Promise.all(open.map((channel) => channel.close()));
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function channel(change: Partial<SshEndpoint> = {}): SshChannel {
    const made = new SshChannel({
      unit: 'lb-test',
      host: '127.0.0.1',
      port: server.port,
      login: server.login,
      hostKeyPin: server.hostKeySha256,
      connectTimeoutMs: 5_000,
      keepaliveMs: 5_000,
      ...change,
    });
    open.push(made);
    return made;
  }

  function upload(ssh: SshChannel, input: UploadInput, signal = never): ReturnType<typeof uploadFile> {
    return ssh.sftp('upload', signal, (session, link) =>
      uploadFile({ session, link, input, signal, where: { unit: 'lb-test', step: 'upload' } }),
    );
  }

  it('runs commands over one connection and reports output and exit status apart', async () => {
    const ssh = channel();
    const first = await ssh.exec('echo out; echo err >&2; echo "$SSH_CONNECTION"; exit 7', run, never);
    expect(first).toMatchObject({ stderr: 'err\n', exitCode: 7 });
    const second = await ssh.exec('echo "$SSH_CONNECTION"', run, never);
    expect(first.stdout).toBe(`out\n${second.stdout}`);
  });

  it('logs in nowhere before the host key is pinned, and shows its fingerprint', async () => {
    const error = await failure(channel({ hostKeyPin: null }).exec('true', run, never));
    expect(error.code).toBe('host_key_unknown');
    expect(error.details).toMatchObject({
      unit: 'lb-test',
      fingerprint: server.hostKeySha256,
      algorithm: 'ssh-ed25519',
    });
  });

  it('refuses a host key that differs from the pinned one', async () => {
    const error = await failure(channel({ hostKeyPin: 'A'.repeat(43) }).exec('true', run, never));
    expect(error.code).toBe('host_key_changed');
    expect(error.details).toMatchObject({ fingerprint: server.hostKeySha256, pinned: 'A'.repeat(43) });
  });

  it('names a refused login, a refused connection and an unknown name', async () => {
    const wrong = { kind: 'password', username: 'nobody', password: 'wrong' } as const;
    expect((await failure(channel({ login: wrong }).exec('true', run, never))).code).toBe('login_refused');
    expect((await failure(channel({ port: await freePort() }).exec('true', run, never))).code).toBe('connect_refused');
    expect((await failure(channel({ host: 'no-such-host.invalid' }).exec('true', run, never))).code).toBe(
      'name_not_found',
    );
    const unreadable = { kind: 'key', username: 'root', privateKey: 'no key', passphrase: null } as const;
    expect((await failure(channel({ login: unreadable }).exec('true', run, never))).code).toBe('login_refused');
  });

  it('ends a command by its deadline, by the signal and by the size of its answer, and goes on afterwards', async () => {
    const ssh = channel();
    expect((await failure(ssh.exec('sleep 30', { ...run, timeoutMs: 300 }, never))).code).toBe('connect_timeout');
    const stop = new AbortController();
    const stopped = failure(ssh.exec('echo started; sleep 30', run, stop.signal));
    stop.abort();
    expect((await stopped).code).toBe('aborted');
    expect((await failure(ssh.exec('yes', { ...run, maxBytes: 1_000 }, never))).code).toBe('too_large');
    expect((await ssh.exec('echo on', run, never)).stdout).toBe('on\n');
  });

  it('names a cut link and connects again for the next command', async () => {
    const relay = await cuttingRelay(server.port, Number.POSITIVE_INFINITY);
    const ssh = channel({ port: relay.port });
    const error = await failure(ssh.exec('kill -9 $PPID; sleep 5', run, never));
    expect(error.code).toBe('link_cut');
    expect(error.details).toMatchObject({ unit: 'lb-test', step: 'test' });
    expect((await ssh.exec('echo again', run, never)).stdout).toBe('again\n');
    await ssh.close();
    await relay.close();
  });

  it('uploads a file whole, with its SHA-256 from the same pass, and shows it under its name only then', async () => {
    const source = join(folder, 'source');
    const content = randomBytes(3_000_017);
    writeFileSync(source, content);
    const path = join(folder, "arrived 'here'");
    writeFileSync(path, 'older');
    let reported = 0;
    const ssh = channel();
    const done = await upload(ssh, { source, path, resume: false, onProgress: (p) => (reported = p.bytes) });
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(done).toEqual({ bytes: content.length, resumedAt: 0, sha256 });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(reported).toBe(content.length);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('resumes an upload after a cut link and ends with the same bytes', async () => {
    const source = join(folder, 'large');
    const content = randomBytes(40_000_000);
    writeFileSync(source, content);
    const path = join(folder, 'large-arrived');
    const relay = await cuttingRelay(server.port, 25_000_000);
    const ssh = channel({ port: relay.port });
    expect((await failure(upload(ssh, { source, path, resume: true }))).code).toBe('link_cut');
    expect(existsSync(path)).toBe(false);
    relay.lift();
    const done = await upload(ssh, { source, path, resume: true });
    expect(done.resumedAt).toBeGreaterThan(0);
    expect(done.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(readFileSync(path).equals(content)).toBe(true);
    await ssh.close();
    await relay.close();
  });

  it('refuses a source that is not the expected one and leaves the unit’s file as it was', async () => {
    const source = join(folder, 'other');
    writeFileSync(source, 'something else');
    const path = join(folder, 'kept');
    writeFileSync(path, 'kept');
    const error = await failure(upload(channel(), { source, path, resume: false, sha256: '0'.repeat(64) }));
    expect(error.code).toBe('source_changed');
    expect(readFileSync(path, 'utf8')).toBe('kept');
  });

  it('names a missing folder and a full disk', async () => {
    const source = join(folder, 'some');
    writeFileSync(source, randomBytes(100_000));
    const ssh = channel();
    const missing = await failure(upload(ssh, { source, path: join(folder, 'no', 'folder'), resume: false }));
    expect(missing.code).toBe('not_found');
    const path = join(folder, 'no-room');
    symlinkSync('/dev/full', `${path}.part`);
    const full = await failure(upload(ssh, { source, path, resume: false }));
    expect(full.code).toBe('remote_disk_full');
    expect(full.details).toMatchObject({ unit: 'lb-test', step: 'upload' });
    expect(existsSync(path)).toBe(false);
  });
});
