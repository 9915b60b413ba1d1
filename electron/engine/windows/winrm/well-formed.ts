const NAME = String.raw`[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?`;
const ATTRIBUTES = String.raw`(?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*`;
const MARKUP = new RegExp(String.raw`<(?:!--[^]*?-->|\?[^]*?\?>|(/?)(${NAME})${ATTRIBUTES}\s*(/?)>)`, 'y');
const MAX_DEPTH = 64;

/**
 * True when every tag is complete and closed in order around one root. The parser itself is lenient, which would turn
 * a damaged message into an empty one. CDATA is not written by hosts and counts as damage.
 */
export function isWellFormed(text: string): boolean {
  const open: string[] = [];
  let roots = 0;
  let at = 0;
  for (;;) {
    const start = text.indexOf('<', at);
    const between = text.slice(at, start < 0 ? undefined : start);
    if (open.length === 0 && between.replace('\uFEFF', '').trim() !== '') return false;
    if (start < 0) return open.length === 0 && roots === 1;
    MARKUP.lastIndex = start;
    const match = MARKUP.exec(text);
    if (!match) return false;
    at = MARKUP.lastIndex;
    const [, closing = '', name, empty = ''] = match;
    if (name === undefined) continue;
    if (closing !== '') {
      if (empty !== '' || open.pop() !== name) return false;
      continue;
    }
    if (open.length === 0) roots += 1;
    if (empty === '') open.push(name);
    if (open.length > MAX_DEPTH || roots > 1) return false;
  }
}
