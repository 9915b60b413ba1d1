import { EvenkeelError } from '#shared/errors';
import { sectionNames, type SectionName } from './sections';

export interface SectionAnswer {
  readonly text: string;
  /** `null`: the section was cut off before its end. */
  readonly exitStatus: number | null;
}

/** Takes the answer of a poll apart by its nonce. Throws `answer_not_understood` when no marker is in it. */
export function splitSections(text: string, nonce: string): ReadonlyMap<SectionName, SectionAnswer> {
  const marker = `@${nonce} `;
  const found = new Map<SectionName, SectionAnswer>();
  let open: { readonly name: SectionName; readonly from: number } | null = null;
  for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + marker.length)) {
    const lineEnd = text.indexOf('\n', at);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const rest = text.slice(at + marker.length, end).trim();
    const status = /^= (\d{1,3})$/.exec(rest);
    if (status && open) {
      found.set(open.name, { text: text.slice(open.from, at), exitStatus: Number(status[1]) });
      open = null;
    } else {
      const name = sectionNames.find((known) => known === rest);
      open = name ? { name, from: end + 1 } : null;
    }
  }
  if (open) found.set(open.name, { text: text.slice(open.from), exitStatus: null });
  if (found.size === 0)
    throw new EvenkeelError('answer_not_understood', {
      step: 'read',
      advice: 'Does a login script print something or end the session?',
    });
  return found;
}
