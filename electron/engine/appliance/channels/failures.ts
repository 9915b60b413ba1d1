import { EvenkeelError, type ErrorCode } from '#shared/errors';
import type { Where } from '../deadline';

const byErrno: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'connect_refused',
  ETIMEDOUT: 'connect_timeout',
  ESOCKETTIMEDOUT: 'connect_timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'connect_timeout',
  UND_ERR_BODY_TIMEOUT: 'connect_timeout',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  EADDRNOTAVAIL: 'host_unreachable',
  EACCES: 'host_unreachable',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  EAI_FAIL: 'name_not_found',
  ECONNRESET: 'link_cut',
  ECONNABORTED: 'link_cut',
  EPIPE: 'link_cut',
  UND_ERR_SOCKET: 'link_cut',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_ABORTED: 'aborted',
  ABORT_ERR: 'aborted',
  ENOSPC: 'local_disk_full',
};

const advice: Partial<Record<ErrorCode, string>> = {
  connect_refused: 'Check that the service runs on the unit and that the port is right.',
  connect_timeout: 'Check the address, the network and firewalls in between.',
  host_unreachable: 'Check the address and the network of this computer.',
  name_not_found: 'Check the name, or use the address.',
  link_cut: 'Try again; the unit may be restarting.',
  tls_failed: 'Check that the port is the WebUI’s.',
};

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error; at instanceof Error && codes.length < 10; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    if (at instanceof AggregateError) codes.push(...at.errors.flatMap(codesOf));
  }
  return codes;
}

/**
 * What a failure of the network, of TLS or of a socket means. An `EvenkeelError` keeps its code and gains unit and
 * step; what is not known becomes `fallback`.
 */
export function networkFailure(error: unknown, where: Where, fallback: ErrorCode = 'link_cut'): EvenkeelError {
  if (error instanceof EvenkeelError) return error.with({ ...where });
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof EvenkeelError) return cause.with({ ...where });
  if (error instanceof Error && error.name === 'AbortError') return new EvenkeelError('aborted', { ...where });
  const codes = codesOf(error);
  const defect = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  if (defect && codes.length === 0) throw error; // a fault of this program is not to pass for one of the network
  const known = codes.map((code) => byErrno[code]).find((code) => code !== undefined);
  const tls = codes.some((code) => /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|DEPTH_ZERO)/.test(code));
  const code = known ?? (tls ? 'tls_failed' : fallback);
  const hint = advice[code];
  return new EvenkeelError(code, { ...where, ...(hint ? { advice: hint } : {}) }, undefined, { cause: error });
}
