import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes } from 'parse5';
import { maxAnswerChars, notUnderstood } from './tree';

export type HtmlElement = DefaultTreeAdapterTypes.Element;
type HtmlNode = DefaultTreeAdapterTypes.Node;
type HtmlParent = DefaultTreeAdapterTypes.ParentNode;

/** A page as a tree. Nothing of it is fetched or run. Throws `answer_not_understood` only for unbounded size. */
export function parseHtml(text: string): HtmlParent {
  if (text.length > maxAnswerChars) throw notUnderstood('WebUI page', '');
  return parse(text);
}

function isParent(node: HtmlNode): node is HtmlNode & HtmlParent {
  return 'childNodes' in node;
}

/** Every element below a node in the order of the page. Iterative: a page can be nested deeper than the call stack. */
export function elementsOf(root: HtmlParent, ...names: readonly string[]): readonly HtmlElement[] {
  const found: HtmlElement[] = [];
  const waiting: HtmlNode[] = [...root.childNodes].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (defaultTreeAdapter.isElementNode(node) && (names.length === 0 || names.includes(node.tagName)))
      found.push(node);
    if (isParent(node)) for (const child of [...node.childNodes].reverse()) waiting.push(child);
  }
  return found;
}

/** An attribute's value; `null` when it is not there. */
export function attribute(element: HtmlElement, name: string): string | null {
  return element.attrs.find((candidate) => candidate.name === name)?.value ?? null;
}

export function hasClass(element: HtmlElement, name: string): boolean {
  return (attribute(element, 'class') ?? '').split(/\s+/).includes(name);
}

/** All text below a node with white space folded; scripts and styles are left out. */
export function textIn(root: HtmlParent): string {
  let text = '';
  const waiting: HtmlNode[] = [...root.childNodes].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (defaultTreeAdapter.isTextNode(node)) text += `${node.value} `;
    else if (defaultTreeAdapter.isElementNode(node) && ['script', 'style'].includes(node.tagName)) continue;
    else if (isParent(node)) for (const child of [...node.childNodes].reverse()) waiting.push(child);
  }
  return text.replace(/\s+/g, ' ').trim();
}

/** The element around this one; `null` at the top. */
export function parentOf(element: HtmlElement): HtmlElement | null {
  const parent = element.parentNode;
  return parent && defaultTreeAdapter.isElementNode(parent) ? parent : null;
}
