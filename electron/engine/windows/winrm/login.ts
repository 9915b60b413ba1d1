import { Advice } from './advice';
import { channelBindingHash } from './channel-binding';
import { ENCRYPTED_CONTENT_TYPE, SOAP_CONTENT_TYPE, decryptMessage, encryptMessage, isEncrypted } from './encryption';
import { WinrmError } from './errors';
import { knownFault } from './faults';
import type { HttpConnection, HttpRequest } from './http-connection';
import type { HttpReply } from './http-reply';
import { NtlmClient, type NtlmSession } from './ntlm/index';
import { faultOf } from './soap';
import type { WinrmAuth, WinrmTarget } from './types';

/** How messages travel on one connection once it is logged in. Belongs to that connection alone. */
export interface MessageProtection {
  readonly request: (plain: Buffer) => HttpRequest;
  /** The SOAP text of a reply. Throws `protocol` when a reply that must be encrypted is not, or was changed. */
  readonly reply: (reply: HttpReply) => Buffer;
}

export interface CallLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** One way to log in to a fresh connection. */
export type Login = (connection: HttpConnection, limits: CallLimits) => Promise<MessageProtection>;

const EMPTY = Buffer.alloc(0);

function plain(headers: Readonly<Record<string, string>>): MessageProtection {
  return {
    request: (body) => ({ headers: { ...headers, 'Content-Type': SOAP_CONTENT_TYPE }, body }),
    reply: (reply) => reply.body,
  };
}

function sealed(session: NtlmSession): MessageProtection {
  return {
    request: (body) => ({ headers: { 'Content-Type': ENCRYPTED_CONTENT_TYPE }, body: encryptMessage(session, body) }),
    reply: (reply) => {
      if (!isEncrypted(reply.headers.get('content-type')?.[0] ?? '')) {
        throw new WinrmError('protocol', `The host answered without encryption (HTTP ${String(reply.status)}).`, {
          httpStatus: reply.status,
        });
      }
      return decryptMessage(session, reply.body);
    },
  };
}

/** The schemes that a 401 offers, lower case, with the token where there is one. */
export function offeredSchemes(reply: HttpReply): ReadonlyMap<string, string> {
  const challenges = (reply.headers.get('www-authenticate') ?? []).flatMap((value) => value.split(','));
  return new Map(
    challenges.map((challenge) => {
      const [scheme = '', token = ''] = challenge.trim().split(/\s+/);
      return [scheme.toLowerCase(), token] as const;
    }),
  );
}

function notOffered(schemes: ReadonlyMap<string, string>, advice: string): WinrmError {
  return new WinrmError(
    'auth-not-offered',
    `The host does not offer this way to log in; it offers: ${[...schemes.keys()].join(', ') || 'none'}.`,
    { httpStatus: 401, advice },
  );
}

/** Hosts rarely say why: where a fault comes with the refusal, its number and advice are worth more than the rest. */
function refused(reply: HttpReply): WinrmError {
  const fault = faultOf(reply);
  const code = fault?.wsmanCode;
  const known = code === undefined ? undefined : knownFault(code);
  const number = code === undefined ? '' : `, ${String(code)}`;
  const message = `The host refused the user name or the password (HTTP ${String(reply.status)}${number}).`;
  return new WinrmError(known?.meaning === 'access' ? 'access-denied' : 'login-refused', message, {
    httpStatus: reply.status,
    wsmanCode: code,
    advice: known?.advice ?? Advice.refused,
  });
}

function ntlmLogin(auth: Extract<WinrmAuth, { kind: 'ntlm' }>, encrypted: boolean): Login {
  return async (connection, limits) => {
    const binding = connection.certificate && channelBindingHash(connection.certificate);
    const client = new NtlmClient(auth, binding);
    const post = (scheme: string, message: Buffer): Promise<HttpReply> =>
      connection.exchange(
        {
          headers: { Authorization: `${scheme} ${message.toString('base64')}`, 'Content-Type': SOAP_CONTENT_TYPE },
          body: EMPTY,
        },
        limits,
      );
    let scheme = 'Negotiate';
    let reply = await post(scheme, client.negotiate());
    // Hosts that were told to leave Negotiate out may still offer bare NTLM.
    if (reply.status === 401 && !offeredSchemes(reply).get('negotiate') && offeredSchemes(reply).has('ntlm')) {
      scheme = 'NTLM';
      reply = await post(scheme, client.negotiate());
    }
    if (reply.status !== 401) throw unexpectedStatus(reply);
    const offered = offeredSchemes(reply);
    const token = offered.get(scheme.toLowerCase());
    if (!token)
      throw offered.has(scheme.toLowerCase()) ? refused(reply) : notOffered(offered, Advice.offersNoNegotiate);
    const { message, session } = client.authenticate(Buffer.from(token, 'base64'));
    reply = await post(scheme, message);
    if (reply.status === 401 || reply.status === 403) throw refused(reply);
    return encrypted ? sealed(session) : plain({});
  };
}

/** The error of an HTTP status that is not part of WS-Management. */
export function unexpectedStatus(reply: HttpReply): WinrmError {
  return new WinrmError('protocol', `The host answered with HTTP ${String(reply.status)}.`, {
    httpStatus: reply.status,
    advice: STATUS_ADVICE.get(reply.status) ?? Advice.unhealthy,
  });
}

const STATUS_ADVICE: ReadonlyMap<number, string> = new Map<number, string>([
  [404, Advice.notWinrm],
  [405, Advice.notWinrm],
  [500, Advice.unencrypted],
  [503, Advice.stopped],
]);

/** The login that a target asks for. Throws `auth-not-offered` for Basic over plain HTTP, before anything is sent. */
export function loginFor(target: Pick<WinrmTarget, 'auth' | 'scheme'>): Login {
  const { auth, scheme } = target;
  if (auth.kind === 'ntlm') return ntlmLogin(auth, scheme === 'http');
  if (scheme !== 'https') {
    throw new WinrmError('auth-not-offered', 'Basic authentication is refused without HTTPS.', {
      advice: Advice.basicNeedsHttps,
    });
  }
  const credentials = Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64');
  return () => Promise.resolve(plain({ Authorization: `Basic ${credentials}` }));
}

/** The error of a 401 after the login. */
export function refusedReply(reply: HttpReply, auth: WinrmAuth): WinrmError {
  const offered = offeredSchemes(reply);
  return auth.kind === 'basic' && !offered.has('basic') ? notOffered(offered, Advice.offersNoBasic) : refused(reply);
}
