/** An element without its prefix: text, attributes (with `@` before their name) and children by local name. */
export type XmlNode = Readonly<Record<string, unknown>>;

export const TEXT = '#text';
export const ATTRIBUTE = '@';

const NAME = String.raw`[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?`;
const VALUE = String.raw`"[^"<]*"|'[^'<]*'`;
const MARKUP = new RegExp(
  String.raw`<(?:!--[^]*?-->|\?[^]*?\?>|(/?)(${NAME})((?:\s+${NAME}\s*=\s*(?:${VALUE}))*)\s*(/?)>)`,
  'y',
);
const ATTRIBUTES = new RegExp(String.raw`(${NAME})\s*=\s*(${VALUE})`, 'g');
const ENTITY = /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 10_000;

interface Open {
  readonly name: string;
  readonly node: Record<string, unknown>;
}

/**
 * Reads a document of the kind that hosts write: elements, attributes, text, comments and processing instructions.
 * Undefined when a tag is not complete or not closed in order around one root, or when there is more of it than a host
 * ever writes. A document type and CDATA are not written by hosts and count as damage.
 */
export function readXml(text: string): XmlNode | undefined {
  const document = emptyNode();
  const open: Open[] = [{ name: '', node: document }];
  let elements = 0;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const inner = open.at(-1);
    if (inner === undefined) return undefined;
    const start = text.indexOf('<', at);
    const between = text.slice(at, start < 0 ? undefined : start);
    if (open.length > 1) inner.node[TEXT] = String(inner.node[TEXT]) + decode(between);
    else if (between.trim() !== '') return undefined;
    if (start < 0) return open.length === 1 && elements > 0 ? document : undefined;
    MARKUP.lastIndex = start;
    const match = MARKUP.exec(text);
    if (!match) return undefined;
    at = MARKUP.lastIndex;
    const [, closing = '', name, attributes = '', empty = ''] = match;
    if (name === undefined) continue;
    if (closing !== '') {
      if (empty !== '' || attributes !== '' || open.length === 1 || open.pop()?.name !== name) return undefined;
      continue;
    }
    elements += 1;
    if ((open.length === 1 && elements > 1) || elements > MAX_ELEMENTS || open.length > MAX_DEPTH) return undefined;
    const node = nodeOf(attributes);
    add(inner.node, localName(name), node);
    if (empty === '') open.push({ name, node });
  }
}

/** Without a prototype, so that no name in a message means anything to the language. */
function emptyNode(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function nodeOf(attributes: string): Record<string, unknown> {
  const node = emptyNode();
  node[TEXT] = '';
  for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTES)) {
    node[ATTRIBUTE + localName(name)] = decode(value.slice(1, -1));
  }
  return node;
}

function add(parent: Record<string, unknown>, name: string, node: XmlNode): void {
  const known = parent[name];
  if (Array.isArray(known)) known.push(node);
  else parent[name] = known === undefined ? node : [known, node];
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(ENTITY, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED[name] ?? whole;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
