export { decodeCliXml } from './clixml';
export { WinrmConnection, connect, runPowerShell, type WinrmConnectOptions } from './connection';
export { knownFault, type FaultMeaning, type KnownFault } from './faults';
export { WinrmError, type ObservedCertificate, type WinrmErrorKind } from './errors';
export { POWERSHELL_BOOTSTRAP, POWERSHELL_COMMAND_LINE, encodeCommand } from './powershell';
export { WinrmShell } from './shell';
export { observeCertificate, type OpenSocket } from './socket';
export { TRANSFER_SCRIPT } from './transfer-script';
export type { TransferSource } from './transfer';
export type {
  TextSink,
  WinrmAuth,
  WinrmCommand,
  WinrmResult,
  WinrmRunOptions,
  WinrmTarget,
  WinrmTransfer,
  WinrmTransferOptions,
} from './types';
export type { Dial } from './wsman';
export * as wire from './wire';
