import { describe, expect, it } from 'vitest';
import { EvenkeelError } from '#shared/errors';
import { toEvenkeelError } from '#engine/windows/winrm-errors';
import { WinrmError } from '#engine/windows/winrm/index';

const step = { unit: 'rs1', step: 'WinRM login' };

describe('errors of WinRM as the product shows them', () => {
  it.each([
    [new WinrmError('connect-refused', 'x'), 'connect_refused'],
    [new WinrmError('login-refused', 'x', { httpStatus: 401 }), 'login_refused'],
    [new WinrmError('login-refused', 'x', { wsmanCode: 1909 }), 'account_locked'],
    [new WinrmError('access-denied', 'x', { wsmanCode: 5 }), 'not_administrator'],
    [new WinrmError('fault', 'x', { wsmanCode: 2150859173 }), 'winrm_quota'],
    [new WinrmError('fault', 'x', { wsmanCode: 2150858843 }), 'winrm_fault'],
    [new WinrmError('protocol', 'x', { httpStatus: 404 }), 'winrm_unavailable'],
    [new WinrmError('protocol', 'x'), 'answer_not_understood'],
    [new WinrmError('aborted', 'x'), 'aborted'],
  ])('%s', (error, code) => {
    expect(toEvenkeelError(error, step)).toMatchObject({ code, details: { ...step, reason: 'x' }, cause: error });
  });

  it('hands on fingerprint, advice and a shell that may remain', () => {
    const certificate = { sha256: 'ab', subject: 'CN=rs1', notAfter: '2030-01-01T00:00:00.000Z' };
    const error = new WinrmError('certificate-changed', 'x', { certificate, advice: 'Ask.', shellMayRemain: true });
    expect(toEvenkeelError(error, step).details).toMatchObject({
      fingerprint: 'ab',
      advice: 'Ask.',
      shellMayRemain: true,
    });
  });

  it('leaves errors of the product as they are and files the rest as internal', () => {
    const known = new EvenkeelError('stale_reading', { unit: 'rs2' });
    expect(toEvenkeelError(known, step)).toMatchObject({
      code: 'stale_reading',
      details: { unit: 'rs2', step: 'WinRM login' },
    });
    expect(toEvenkeelError(new TypeError('y'), step).code).toBe('internal');
  });
});
