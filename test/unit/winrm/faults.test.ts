import { describe, expect, it } from 'vitest';
import { toEvenkeelError } from '#engine/windows/winrm-errors';
import { WinrmError, wire } from '#engine/windows/winrm/index';
import type { ErrorCode } from '#shared/errors';

/** A host's answer with this fault, as the client reads it. */
function faultOf(code: number): WinrmError {
  const text =
    `<s:Envelope xmlns:s="${wire.Namespace.soap}"><s:Body><s:Fault><s:Detail><f:WSManFault Code="${String(code)}">` +
    '<f:Message>as the host words it</f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>';
  try {
    wire.readReply(text, 'uuid:A', wire.Action.create, 500);
  } catch (error) {
    if (error instanceof WinrmError) return error;
    throw error;
  }
  throw new Error('The fault was not thrown.');
}

describe('faults of hosts by number: what the product says and advises', () => {
  it.each<[string, number, ErrorCode, string]>([
    ['shells of the account', 2150859173, 'winrm_quota', 'MaxShellsPerUser'],
    ['shells, by another check', 2150859236, 'winrm_quota', 'MaxShellsPerUser'],
    ['processes in a shell', 2150859241, 'winrm_quota', 'MaxProcessesPerShell'],
    ['operations of the account', 2150859174, 'winrm_quota', 'MaxConcurrentOperationsPerUser'],
    ['operations, by another check', 2150859240, 'winrm_quota', 'MaxConcurrentOperationsPerUser'],
    ['accounts at a time', 2150859179, 'winrm_quota', 'MaxConcurrentUsers'],
    ['accounts, by another check', 2150859237, 'winrm_quota', 'MaxConcurrentUsers'],
    ['memory', 14, 'winrm_quota', 'MaxMemoryPerShellMB'],
    ['memory, as HRESULT', 0x8007000e, 'winrm_quota', 'MaxMemoryPerShellMB'],
    ['memory, commitment', 1455, 'winrm_quota', 'MaxMemoryPerShellMB'],
    ['share of requests', 2150859175, 'winrm_quota', 'share of requests'],
    ['requests of the host', 2150859176, 'winrm_quota', 'too many requests'],
    ['access denied, token filtered', 5, 'not_administrator', 'LocalAccountTokenFilterPolicy'],
    ['access denied, as HRESULT', 0x80070005, 'not_administrator', 'LocalAccountTokenFilterPolicy'],
    ['access denied, as NTSTATUS', 0xc0000022, 'not_administrator', 'LocalAccountTokenFilterPolicy'],
    ['remote shells off', 2150859180, 'winrm_unavailable', 'AllowRemoteShellAccess'],
    ['remote access off', 2150859229, 'winrm_unavailable', 'Enable-PSRemoting'],
    ['wrong password', 0x8007052e, 'login_refused', 'password is wrong'],
    ['wrong password, as NTSTATUS', 0xc000006d, 'login_refused', 'password is wrong'],
    ['account disabled', 0xc0000072, 'login_refused', 'disabled'],
    ['account locked', 1909, 'account_locked', 'locked'],
    ['account locked, as NTSTATUS', 0xc0000234, 'account_locked', 'locked'],
    ['account expired', 0xc0000193, 'login_refused', 'account has expired'],
    ['password expired', 0xc0000071, 'login_refused', 'password of the account has expired'],
    ['password must change', 0xc0000224, 'login_refused', 'must be changed'],
    ['no right to log in', 0xc000015b, 'login_refused', 'no right to log in'],
    ['clock', 0xc0000133, 'login_refused', 'clocks'],
    ['trust broken', 0xc000018d, 'login_refused', 'trust'],
    ['NTLM blocked', 0xc0000418, 'login_refused', 'NTLM is blocked'],
    ['shell gone', 2150858843, 'winrm_fault', 'closed by the host'],
    ['service stops', 1115, 'winrm_unavailable', 'not healthy'],
    ['command line too long', 206, 'winrm_fault', 'too long'],
    ['envelope', 2150858825, 'winrm_fault', 'MaxEnvelopeSizekb'],
  ])('%s (%i)', (_what, number, code, advice) => {
    const shown = toEvenkeelError(faultOf(number), { unit: 'rs1', step: 'WinRM' });
    expect(shown.code).toBe(code);
    expect(shown.details.advice).toContain(advice);
    expect(shown.details['reason']).toContain('as the host words it');
  });

  it('a number that nobody knows is told as it is', () => {
    expect(toEvenkeelError(faultOf(123456), { unit: 'rs1' })).toMatchObject({
      code: 'winrm_fault',
      details: { wsmanCode: 123456 },
    });
  });
});
