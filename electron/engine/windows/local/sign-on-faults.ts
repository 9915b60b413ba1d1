import { z } from 'zod';
import { WinrmError, type WinrmErrorKind } from '../winrm/index';

/** What `sign-on.ps1` tells of a failure. */
export const signOnFailure = z.strictObject({
  stage: z.enum(['open', 'run']),
  /** For example `AccessDenied,PSSessionOpenFailed`. */
  id: z.string(),
  /** The number of WSMan or Windows, signed as .NET has it. */
  number: z.number().int().nullable(),
  message: z.string(),
});
export type SignOnFailure = z.infer<typeof signOnFailure>;

interface Known {
  readonly kind: WinrmErrorKind;
  readonly advice: string;
}

const otherWay = 'Use a stored account for this server, or its name in the domain.';
const notTrusted: Known = {
  kind: 'auth-not-offered',
  advice: `Windows cannot prove this server by that address with this computer's sign-on. ${otherWay} TrustedHosts is never changed by Evenkeel.`,
};
const noKerberos: Known = {
  kind: 'auth-not-offered',
  advice: `This computer's sign-on is not known to the server: both must be in one domain, or domains that trust each other. ${otherWay}`,
};

/** First words of PowerShell's own error ids, language-independent [D: names and numbers of PowerShell's source]. */
const byName: ReadonlyMap<string, Known> = new Map([
  [
    'AccessDenied',
    {
      kind: 'access-denied',
      advice: 'The account signed on to this computer is not an administrator of the server. Use a stored account.',
    },
  ],
  ['LogonFailure', { kind: 'login-refused', advice: `The server refused this computer's sign-on. ${otherWay}` }],
  [
    'AuthenticationFailed',
    { kind: 'login-refused', advice: `The server refused this computer's sign-on. ${otherWay}` },
  ],
  ['ServerNotTrusted', notTrusted],
  ['CannotUseIPAddress', notTrusted],
  ['ExplicitCredentialsRequired', notTrusted],
  ['WorkgroupCannotUseKerberos', noKerberos],
  ['ClientKerberosDisabled', noKerberos],
  ['InvalidAuthentication', noKerberos],
  [
    'TargetUnknown',
    { kind: 'auth-not-offered', advice: `The domain does not know this server by that name. ${otherWay}` },
  ],
  [
    'CannotConnect',
    { kind: 'connect-refused', advice: 'Check that WinRM runs on the server and that the port is right.' },
  ],
  ['CannotConnectWinRMService', { kind: 'connect-refused', advice: 'Start the Windows Remote Management service.' }],
  [
    'NetworkPathNotFound',
    { kind: 'host-not-found', advice: 'Check the name, or use the address with a stored account.' },
  ],
  ['ComputerNotFound', { kind: 'host-not-found', advice: 'Check the name, or use the address with a stored account.' }],
  ['WinRMOperationTimeout', { kind: 'timeout', advice: 'Check the address, the network and firewalls in between.' }],
  ['WinRMOperationAborted', { kind: 'link-cut', advice: 'Try again; the server may be restarting.' }],
  ['ShutDownInProgress', { kind: 'link-cut', advice: 'The server is shutting down.' }],
  [
    'RemoteSessionDisallowed',
    { kind: 'access-denied', advice: 'The server allows no remote sessions of PowerShell for this account.' },
  ],
  ['ServerOutOfMemory', { kind: 'fault', advice: 'The server has no memory left for a remote session.' }],
]);

/** The error of a failed sign-on or a session that broke, in the words of the WinRM client. */
export function signOnError(failure: SignOnFailure): WinrmError {
  const name = failure.id.split(',')[0] ?? '';
  const known = byName.get(name);
  const kind: WinrmErrorKind = known?.kind ?? (failure.stage === 'run' ? 'link-cut' : 'fault');
  return new WinrmError(kind, `PowerShell on this computer: ${failure.message.slice(0, 2_000)}`, {
    ...(failure.number !== null && { wsmanCode: failure.number >>> 0 }),
    ...(known !== undefined && { advice: known.advice }),
    // The session may have begun the script before it broke.
    shellMayRemain: failure.stage === 'run',
  });
}

/** Another account may fare better: the sign-on itself was the trouble, not the network, and no script was begun. */
export function isSignOnTrouble(error: unknown): boolean {
  const kinds: readonly WinrmErrorKind[] = ['auth-not-offered', 'login-refused', 'access-denied'];
  return error instanceof WinrmError && !error.shellMayRemain && kinds.includes(error.kind);
}
