export { decodeCliXml } from './clixml';
export { WinrmConnection, connect, runPowerShell } from './connection';
export { WinrmError, type ObservedCertificate, type WinrmErrorKind } from './errors';
export { POWERSHELL_BOOTSTRAP, POWERSHELL_COMMAND_LINE, encodeCommand } from './powershell';
export { WinrmShell } from './shell';
export { observeCertificate } from './socket';
export type { WinrmAuth, WinrmCommand, WinrmResult, WinrmRunOptions, WinrmTarget } from './types';
export * as wire from './wire';
