import { EvenkeelError } from '#shared/errors';
import type { UpdateForm } from '../types';
import { attribute, elementsOf, parentOf, parseHtml, textIn, type HtmlElement } from './html';

const checksumWords = /check\s*-?\s*sum|md5|sha-?\d*\b|digest|\bhash\b/i;
const archiveWords = /archive|\.tar|\.gz|tarball|package|update[ _-]?file|\bimage\b/i;

/**
 * The form of the offline update page: the one with two file inputs, of which labels, names and the text beside them
 * tell the archive from the checksum. Field names are not published and differ [U], so anything unclear is
 * `form_not_understood` and nothing is sent. `pageUrl` is where the page came from; the form must stay on that host.
 */
export function parseUpdateForm(page: string, pageUrl: string): UpdateForm {
  const root = parseHtml(page);
  const forms = elementsOf(root, 'form').filter((form) => fileInputs(form).length >= 2);
  const form = forms[0];
  if (!form || forms.length > 1) throw refused(`${forms.length} forms with two file inputs`);
  const inputs = fileInputs(form);
  if (inputs.length !== 2) throw refused(`${inputs.length} file inputs`);
  const labels = new Map(
    elementsOf(root, 'label').flatMap((label) => {
      const target = attribute(label, 'for');
      return target === null ? [] : [[target, textIn(label)] as const];
    }),
  );
  const kinds = inputs.map((input) => ({ input, kind: kindOf(input, labels, form) }));
  const checksum = kinds.filter(({ kind }) => kind === 'checksum');
  const archive = kinds.filter(({ kind }) => kind === 'archive');
  if (checksum.length !== 1 || archive.length !== 1) throw refused('which file goes where is not clear');
  const [archiveField, checksumField] = [nameOf(archive[0]?.input), nameOf(checksum[0]?.input)];
  if (archiveField === checksumField) throw refused('both file inputs have one name');
  return {
    action: actionOf(form, pageUrl),
    hidden: otherFields(form),
    archiveField,
    checksumField,
    submit: submitOf(form),
  };
}

function refused(reason: string): EvenkeelError {
  return new EvenkeelError('form_not_understood', {
    step: 'update form',
    reason,
    unchanged: 'Nothing was sent.',
    advice: 'Install this update in the unit’s own WebUI.',
  });
}

function fileInputs(form: HtmlElement): readonly HtmlElement[] {
  return elementsOf(form, 'input').filter((input) => attribute(input, 'type')?.toLowerCase() === 'file');
}

function nameOf(input: HtmlElement | undefined): string {
  const name = input ? attribute(input, 'name') : null;
  if (!name) throw refused('a file input has no name');
  return name;
}

/** Asked in order: its label, its own name, the text around it as far as it stands alone. The first that tells wins. */
function kindOf(
  input: HtmlElement,
  labels: ReadonlyMap<string, string>,
  form: HtmlElement,
): 'archive' | 'checksum' | null {
  const own = `${attribute(input, 'name') ?? ''} ${attribute(input, 'id') ?? ''} ${attribute(input, 'title') ?? ''}`;
  for (const text of [labels.get(attribute(input, 'id') ?? '') ?? '', ...around(input, form), own]) {
    // "Checksum of the archive" is a checksum; an archive's own label has no reason to speak of one.
    if (checksumWords.test(text)) return 'checksum';
    if (archiveWords.test(text)) return 'archive';
  }
  return null;
}

function around(input: HtmlElement, form: HtmlElement): readonly string[] {
  const texts: string[] = [];
  for (let at = parentOf(input); at && at !== form; at = parentOf(at)) {
    if (fileInputs(at).length > 1) break;
    texts.push(textIn(at));
  }
  return texts;
}

function actionOf(form: HtmlElement, pageUrl: string): string {
  if ((attribute(form, 'method') ?? 'get').toLowerCase() !== 'post') throw refused('the form is not sent by POST');
  const base = new URL(pageUrl);
  const action = URL.parse(attribute(form, 'action') ?? '', base.href);
  if (action?.origin !== base.origin) throw refused('the form leads to another host');
  return `${action.pathname}${action.search}`;
}

/** Hidden fields, and what a browser would send for fields that a person left as they are. */
function otherFields(form: HtmlElement): Readonly<Record<string, string>> {
  const fields: [string, string][] = [];
  for (const input of elementsOf(form, 'input')) {
    const type = (attribute(input, 'type') ?? 'text').toLowerCase();
    const name = attribute(input, 'name');
    if (!name || ['file', 'submit', 'button', 'image', 'reset'].includes(type)) continue;
    if (['checkbox', 'radio'].includes(type) && attribute(input, 'checked') === null) continue;
    fields.push([name, attribute(input, 'value') ?? (type === 'checkbox' ? 'on' : '')]);
  }
  for (const select of elementsOf(form, 'select')) {
    const name = attribute(select, 'name');
    const options = elementsOf(select, 'option');
    const chosen = options.find((option) => attribute(option, 'selected') !== null) ?? options[0];
    if (name && chosen) fields.push([name, attribute(chosen, 'value') ?? textIn(chosen)]);
  }
  return Object.fromEntries(fields);
}

function submitOf(form: HtmlElement): UpdateForm['submit'] {
  const buttons = elementsOf(form, 'input', 'button').filter((element) => {
    const type = (attribute(element, 'type') ?? (element.tagName === 'button' ? 'submit' : 'text')).toLowerCase();
    return type === 'submit';
  });
  const words = (button: HtmlElement): string => `${attribute(button, 'value') ?? ''} ${textIn(button)}`;
  const button = buttons.find((candidate) => /upload|install/i.test(words(candidate))) ?? buttons[0];
  const name = button ? attribute(button, 'name') : null;
  return button && name ? { name, value: attribute(button, 'value') ?? '' } : null;
}
