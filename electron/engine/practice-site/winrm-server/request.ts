import { wire } from '#engine/windows/winrm/index';

const { attributeOf, child, children, parseXml, textOf } = wire;

/** A WS-Management request taken apart. */
export interface WsmanRequest {
  readonly action: string;
  readonly messageId: string;
  readonly shellId: string;
  readonly options: ReadonlyMap<string, string>;
  readonly operationTimeoutMs: number;
  readonly maxEnvelopeSize: number;
  readonly body: wire.XmlNode;
  readonly identify: boolean;
}

const DEFAULT_TIMEOUT_MS = 60_000;

function duration(text: string): number {
  const match = /^PT(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,6}(?:\.\d{1,3})?)S)?$/.exec(text.trim());
  if (!match) return DEFAULT_TIMEOUT_MS;
  const [hours, minutes, seconds] = [Number(match[1] ?? 0), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  return Math.max(1, ((hours * 60 + minutes) * 60 + seconds) * 1000);
}

/** Reads a request. Throws `protocol` for anything that is not a SOAP envelope. */
export function readRequest(text: string): WsmanRequest {
  const envelope = child(parseXml(text), 'Envelope');
  const header = child(envelope, 'Header');
  const body = child(envelope, 'Body') ?? {};
  const selectors = children(child(header, 'SelectorSet'), 'Selector');
  const options = children(child(header, 'OptionSet'), 'Option');
  const size = Number(textOf(child(header, 'MaxEnvelopeSize')).trim());
  return {
    action: textOf(child(header, 'Action')).trim(),
    messageId: textOf(child(header, 'MessageID')).trim(),
    shellId: textOf(selectors.find((node) => attributeOf(node, 'Name') === 'ShellId')).trim(),
    options: new Map(options.map((node) => [attributeOf(node, 'Name') ?? '', textOf(node).trim()])),
    operationTimeoutMs: duration(textOf(child(header, 'OperationTimeout'))),
    maxEnvelopeSize: Number.isInteger(size) && size >= 32_768 ? Math.min(size, 512_000) : 153_600,
    body,
    identify: child(body, 'Identify') !== undefined,
  };
}
