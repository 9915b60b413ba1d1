import { describe, expect, it } from 'vitest';
import { EvenkeelError } from '#shared/errors';
import { networkFailure } from '#engine/appliance/channels/failures';
import { checkHostKey } from '#engine/appliance/channels/host-key';
import { sftpFailure } from '#engine/appliance/channels/sftp-failures';
import { withDeadline } from '#engine/appliance/deadline';

const where = { unit: 'lb-main-1', step: 'read' };
const coded = (code: string | number): Error => Object.assign(new Error('x'), { code });

describe('what a failure means', () => {
  it.each([
    ['ECONNREFUSED', 'connect_refused'],
    ['ETIMEDOUT', 'connect_timeout'],
    ['EHOSTUNREACH', 'host_unreachable'],
    ['ENOTFOUND', 'name_not_found'],
    ['ECONNRESET', 'link_cut'],
    ['EPIPE', 'link_cut'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_failed'],
  ])('%s is %s, also when wrapped', (code, expected) => {
    expect(networkFailure(coded(code), where)).toMatchObject({ code: expected, details: where });
    expect(networkFailure(new Error('outer', { cause: coded(code) }), where).code).toBe(expected);
    expect(networkFailure(new AggregateError([coded(code)]), where).code).toBe(expected);
  });

  it('keeps an expected error and adds unit and step where they are missing', () => {
    const error = new EvenkeelError('login_refused', { step: 'SSH login' });
    expect(networkFailure(error, where)).toMatchObject({
      code: 'login_refused',
      details: { unit: 'lb-main-1', step: 'SSH login' },
    });
  });

  it('does not pass a defect of the program off as the network’s', () => {
    expect(() => networkFailure(new TypeError('x is not a function'), where)).toThrow(TypeError);
  });

  it.each([
    [2, 'write', 'not_found'],
    [3, 'write', 'permission_denied'],
    [4, 'write', 'remote_disk_full'],
    [4, 'other', 'command_failed'],
    [14, 'other', 'remote_disk_full'],
  ] as const)('SFTP status %i of a %s is %s', (status, request, expected) => {
    expect(sftpFailure(coded(status), where, null, request)).toMatchObject({ code: expected, details: where });
  });

  it('takes a lost link for the cause of whatever failed with it', () => {
    expect(sftpFailure(coded(4), where, new EvenkeelError('link_cut'), 'write').code).toBe('link_cut');
  });
});

describe('host keys', () => {
  const seen = { algorithm: 'ssh-ed25519', sha256: 'tQ3v9mXeZk0L7hYbR2cNw8Ud5fPaJsVi1GoT6rMzE4x' };
  it('accepts the pinned one, with or without OpenSSH’s prefix', () => {
    expect(checkHostKey(seen, seen.sha256, where)).toBeNull();
    expect(checkHostKey(seen, `SHA256:${seen.sha256}`, where)).toBeNull();
  });
  it('tells an unknown one from a changed one', () => {
    expect(checkHostKey(seen, null, where)?.code).toBe('host_key_unknown');
    expect(checkHostKey(seen, seen.sha256.toLowerCase(), where)?.code).toBe('host_key_changed');
  });
});

describe('deadlines', () => {
  const forever = (): Promise<never> => new Promise(() => undefined);

  it('end work that never ends, and tell its signal', async () => {
    const seen: { signal: AbortSignal | null } = { signal: null };
    const late = withDeadline(new AbortController().signal, 5, where, (signal) => {
      seen.signal = signal;
      return forever();
    });
    await expect(late).rejects.toMatchObject({ code: 'connect_timeout', details: where });
    expect(seen.signal?.aborted).toBe(true);
  });

  it('tell a person’s abort from lateness', async () => {
    const controller = new AbortController();
    const work = withDeadline(controller.signal, 60_000, where, forever);
    controller.abort();
    await expect(work).rejects.toMatchObject({ code: 'aborted', details: where });
    await expect(withDeadline(controller.signal, 60_000, where, forever)).rejects.toMatchObject({ code: 'aborted' });
  });
});
