import type { RestartPrompt } from '../types';
import { attribute, elementsOf, hasClass, parentOf, parseHtml, textIn, type HtmlElement } from './html';

export interface WebuiMessage {
  /** `information` as the unit marks it; `other` for any other kind of message box. */
  readonly kind: 'information' | 'warning' | 'error' | 'other';
  readonly text: string;
}

/** Texts of the message boxes of a page (`div.information.message div.text`) [V], in order. */
export function parseMessages(page: string): readonly WebuiMessage[] {
  const boxes = elementsOf(parseHtml(page), 'div').filter((element) => hasClass(element, 'message'));
  return boxes.flatMap((box) => {
    const texts = elementsOf(box, 'div').filter((inner) => hasClass(inner, 'text'));
    return texts.flatMap((inner) => {
      const text = textIn(inner);
      return text === '' ? [] : [{ kind: kindOf(box), text }];
    });
  });
}

function kindOf(box: HtmlElement): WebuiMessage['kind'] {
  if (hasClass(box, 'information')) return 'information';
  if (hasClass(box, 'warning')) return 'warning';
  return ['error', 'critical', 'failure', 'fatal'].some((name) => hasClass(box, name)) ? 'error' : 'other';
}

/** The words of a completed update [G]. */
export function saysUpdateCompleted(messages: readonly WebuiMessage[]): boolean {
  return messages.some(({ text }) => /update completed successfully/i.test(text));
}

/** The version of a notice such as `Update 8.13.2 is now available for this appliance.` [G]; `null` when there is none. */
export function offeredVersion(messages: readonly WebuiMessage[]): string | null {
  for (const { text } of messages) {
    const found = /\bupdate\s+v?(\d+\.\d+\.\d+(?:-\d+)?)\s+is\s+(?:now\s+)?available/i.exec(text)?.[1];
    if (found) return found;
  }
  return null;
}

/**
 * What a page asks to restart or reload: fields and links named `restart` or `reload` [V][I], and an appliance restart
 * asked for in words. Each service once.
 */
export function parsePrompts(page: string): readonly RestartPrompt[] {
  const root = parseHtml(page);
  const found: RestartPrompt[] = [];
  for (const element of elementsOf(root, 'input', 'button', 'option')) {
    const owner = element.tagName === 'option' ? parentOf(element) : element;
    const name = owner ? attribute(owner, 'name') : null;
    const value = attribute(element, 'value');
    const text = textIn(element) || (element.tagName === 'input' ? buttonText(element) : '');
    if (name === 'restart' || name === 'reload') found.push(...promptOf(name, value, text));
  }
  for (const link of elementsOf(root, 'a')) {
    const match = /[?&](restart|reload)=([A-Za-z0-9_.-]{1,40})/.exec(attribute(link, 'href') ?? '');
    if (match?.[1] === 'restart' || match?.[1] === 'reload')
      found.push(...promptOf(match[1], match[2] ?? null, textIn(link)));
  }
  for (const { text } of parseMessages(page)) {
    if (/\b(reboot|restart)\b[^.]{0,40}\b(appliance|load ?balancer|unit)\b/i.test(text))
      found.push(...promptOf('restart', 'appliance', text));
  }
  return found.filter((prompt, at) => found.findIndex((other) => other.service === prompt.service) === at);
}

function buttonText(input: HtmlElement): string {
  const form = ancestor(input, 'form');
  const button = form ? elementsOf(form, 'input').find((other) => attribute(other, 'type') === 'submit') : undefined;
  return (button ? attribute(button, 'value') : null) ?? '';
}

function ancestor(element: HtmlElement, name: string): HtmlElement | null {
  for (let at = parentOf(element); at; at = parentOf(at)) if (at.tagName === name) return at;
  return null;
}

function promptOf(kind: RestartPrompt['kind'], value: string | null, text: string): readonly RestartPrompt[] {
  if (value === null || !/^[A-Za-z0-9_.-]{1,40}$/.test(value)) return [];
  const service = /^(appliance|reboot|system|server|power)$/i.test(value) ? 'appliance' : value.toLowerCase();
  const words = text === '' ? `${kind} ${service}` : text;
  const said = /\breload\b/i.test(words) && !/\brestart\b/i.test(words) ? 'reload' : kind;
  return [{ service, kind: said, text: words }];
}
