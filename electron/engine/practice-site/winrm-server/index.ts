export { NtlmAcceptor, type AcceptedLogin, type AcceptorHost } from './ntlm-acceptor';
export { startWinrmServer } from './server';
export type {
  ExecuteCommand,
  ExecuteOutput,
  ExecuteRequest,
  WinrmAccount,
  WinrmFaults,
  WinrmOperation,
  WinrmServer,
  WinrmServerOptions,
} from './types';
