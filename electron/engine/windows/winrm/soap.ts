import { randomUUID } from 'node:crypto';
import { WinrmError } from './errors';
import { faultError } from './faults';
import { attributeOf, child, deepText, escapeXml, parseXml, textOf, type XmlNode } from './xml';

/** Namespaces of a WS-Management message. */
export const Namespace = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  wsman: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  microsoft: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  shell: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
  transfer: 'http://schemas.xmlsoap.org/ws/2004/09/transfer',
  fault: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  identity: 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd',
} as const;

/** Actions of the shell protocol; a reply's action is the same with `Response` appended. */
export const Action = {
  create: `${Namespace.transfer}/Create`,
  delete: `${Namespace.transfer}/Delete`,
  command: `${Namespace.shell}/Command`,
  send: `${Namespace.shell}/Send`,
  receive: `${Namespace.shell}/Receive`,
  signal: `${Namespace.shell}/Signal`,
} as const;

export const SHELL_RESOURCE = `${Namespace.shell}/cmd`;
export const SIGNAL_TERMINATE = `${Namespace.shell}/signal/terminate`;
export const ANONYMOUS = `${Namespace.addressing}/role/anonymous`;
export const COMMAND_STATE_DONE = `${Namespace.shell}/CommandState/Done`;

/** Size asked for, in bytes: what every host since Server 2008 R2 accepts. */
export const MAX_ENVELOPE_SIZE = 153_600;

/** One request of the shell protocol; `body` is XML that has been escaped already. */
export interface SoapRequest {
  readonly action: string;
  readonly shellId?: string | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
}

export interface SoapContext {
  readonly to: string;
  readonly operationTimeoutSeconds: number;
}

/** Writes an envelope with a fresh message identifier. */
export function writeEnvelope(
  request: SoapRequest,
  context: SoapContext,
): { readonly id: string; readonly text: string } {
  const id = `uuid:${randomUUID().toUpperCase()}`;
  const must = 's:mustUnderstand="true"';
  const options = Object.entries(request.options ?? {})
    .map(([name, value]) => `<w:Option Name="${escapeXml(name)}">${escapeXml(value)}</w:Option>`)
    .join('');
  const selector =
    request.shellId === undefined
      ? ''
      : `<w:SelectorSet><w:Selector Name="ShellId">${escapeXml(request.shellId)}</w:Selector></w:SelectorSet>`;
  const text =
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${Namespace.soap}" xmlns:a="${Namespace.addressing}"` +
    ` xmlns:w="${Namespace.wsman}" xmlns:p="${Namespace.microsoft}" xmlns:rsp="${Namespace.shell}"><s:Header>` +
    `<a:To>${escapeXml(context.to)}</a:To><a:ReplyTo><a:Address ${must}>${ANONYMOUS}</a:Address></a:ReplyTo>` +
    `<a:Action ${must}>${request.action}</a:Action><a:MessageID>${id}</a:MessageID>` +
    `<w:ResourceURI ${must}>${SHELL_RESOURCE}</w:ResourceURI>` +
    `<w:MaxEnvelopeSize ${must}>${String(MAX_ENVELOPE_SIZE)}</w:MaxEnvelopeSize>` +
    `<w:OperationTimeout>PT${String(context.operationTimeoutSeconds)}S</w:OperationTimeout>` +
    `<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>` +
    selector +
    (options ? `<w:OptionSet>${options}</w:OptionSet>` : '') +
    `</s:Header><s:Body>${request.body}</s:Body></s:Envelope>`;
  return { id, text };
}

/** Reads the body of a reply to the message `id`. Throws the fault it carries, or `protocol`. */
export function readReply(text: string, id: string, action: string, httpStatus: number): XmlNode {
  const envelope = child(parseXml(text), 'Envelope');
  const body = child(envelope, 'Body');
  if (!envelope || !body)
    throw new WinrmError('protocol', 'The host answered with something that is not SOAP.', { httpStatus });
  const relatesTo = textOf(child(envelope, 'Header', 'RelatesTo')).trim();
  const fault = child(body, 'Fault');
  // Some hosts leave RelatesTo out of a fault that they raise before reading the message.
  if (relatesTo.toUpperCase() !== id.toUpperCase() && !(fault && relatesTo === '')) {
    throw new WinrmError('protocol', 'The host answered another message than the one sent.', { httpStatus });
  }
  if (fault) throw readFault(fault, httpStatus);
  const answered = textOf(child(envelope, 'Header', 'Action')).trim();
  if (httpStatus !== 200 || answered !== `${action}Response`) {
    throw new WinrmError('protocol', 'The host answered with an unexpected message.', { httpStatus });
  }
  return body;
}

/** The fault in a reply that was not encrypted, as some hosts send with a refusal; undefined when there is none. */
export function faultOf(reply: { readonly status: number; readonly body: Buffer }): WinrmError | undefined {
  if (reply.body.length === 0) return undefined;
  try {
    const fault = child(parseXml(reply.body.toString('utf8')), 'Envelope', 'Body', 'Fault');
    return fault && readFault(fault, reply.status);
  } catch (error) {
    // Usually a page in HTML: the status says all there is.
    if (error instanceof WinrmError) return undefined;
    throw error;
  }
}

function readFault(fault: XmlNode, httpStatus: number): WinrmError {
  const detail = child(fault, 'Detail', 'WSManFault');
  const code = attributeOf(detail, 'Code');
  const reason = deepText(child(detail, 'Message')) || deepText(child(fault, 'Reason'));
  return faultError(
    code !== undefined && /^\d{1,10}$/.test(code) ? Number(code) : undefined,
    reason.slice(0, 500),
    httpStatus,
  );
}
