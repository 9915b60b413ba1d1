import { WinrmError } from './errors';
import { ATTRIBUTE, TEXT, readXml, type XmlNode } from './xml-reader';

export type { XmlNode } from './xml-reader';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an element or an attribute value. Throws `protocol` for control characters, which XML cannot carry. */
export function escapeXml(text: string): string {
  if (/[^\P{Cc}\t\n\r]/u.test(text)) throw new WinrmError('protocol', 'The text has a control character in it.');
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a document; names lose their prefix. Throws `protocol`, also for anything with a document type. */
export function parseXml(text: string): XmlNode {
  const document = readXml(text);
  if (document === undefined) throw new WinrmError('protocol', 'The XML is not well-formed.');
  return document;
}

/** All children with this local name, in order. */
export function children(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  const value = node && Object.hasOwn(node, name) ? node[name] : undefined;
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

/** The element reached by the first child of each name in turn. */
export function child(node: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined {
  return path.reduce<XmlNode | undefined>((at, name) => children(at, name)[0], node);
}

/** The text of an element, empty when it has none. */
export function textOf(node: XmlNode | undefined): string {
  const text = node?.[TEXT];
  return typeof text === 'string' ? text : '';
}

/** An attribute by local name. */
export function attributeOf(node: XmlNode | undefined, name: string): string | undefined {
  const value = node?.[ATTRIBUTE + name];
  return typeof value === 'string' ? value : undefined;
}

/** The text of an element with its children, in one string; used for messages of faults. */
export function deepText(node: XmlNode | undefined): string {
  if (!node) return '';
  const inner = Object.entries(node).flatMap(([key, value]) => {
    if (key.startsWith(ATTRIBUTE) || key === TEXT) return [];
    return (Array.isArray(value) ? value : [value]).filter(isNode).map(deepText);
  });
  return [textOf(node), ...inner].join(' ').replaceAll(/\s+/g, ' ').trim();
}
