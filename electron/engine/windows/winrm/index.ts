export { decodeCliXml } from './clixml';
export { WinrmConnection, connect, runPowerShell } from './connection';
export { knownFault, type FaultMeaning, type KnownFault } from './faults';
export { WinrmError, type ObservedCertificate, type WinrmErrorKind } from './errors';
export { POWERSHELL_BOOTSTRAP, POWERSHELL_COMMAND_LINE, encodeCommand } from './powershell';
export { WinrmShell } from './shell';
export { observeCertificate } from './socket';
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
export * as wire from './wire';
