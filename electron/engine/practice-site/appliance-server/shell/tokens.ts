import { ShellSyntaxError, type Word, type WordPart } from './syntax';

export type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly fd: number; readonly operator: '>' | '>>' | '<' | '>&' };

const operators = ['&&', '||', ';;', ';', '|', '&', '(', ')', '\n'];

/** Splits a line as a shell would. Throws `ShellSyntaxError` when a quote is not closed. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at, at + 3);
    if (rest.startsWith('\\\n')) at += 2;
    else if (/^[ \t\r]/.test(rest)) at += 1;
    else if (rest.startsWith('#')) at = endOfLine(line, at);
    else {
      const redirect = /^(\d?)(>>|>&|<&|>|<)/.exec(line.slice(at, at + 4)) ?? /^(&)(>)/.exec(rest);
      const operator = redirect ? undefined : operators.find((item) => rest.startsWith(item));
      if (redirect) {
        tokens.push(...redirectTokens(redirect[1] ?? '', redirect[2] ?? '>'));
        at += redirect[0].length;
      } else if (operator !== undefined) {
        tokens.push({ kind: 'operator', text: operator });
        at += operator.length;
      } else {
        const [word, end] = readWord(line, at);
        tokens.push({ kind: 'word', word });
        at = end;
      }
    }
  }
  return tokens;
}

function redirectTokens(prefix: string, operator: string): Token[] {
  if (operator === '<&') throw new ShellSyntaxError('<& is not understood');
  if (operator !== '>' && operator !== '>>' && operator !== '<' && operator !== '>&') return [];
  // `&>file` sends both streams there.
  if (prefix === '&') {
    return [{ kind: 'redirect', fd: 12, operator: '>' }];
  }
  const fd = prefix === '' ? (operator === '<' ? 0 : 1) : Number(prefix);
  return [{ kind: 'redirect', fd, operator }];
}

function endOfLine(line: string, from: number): number {
  const end = line.indexOf('\n', from);
  return end < 0 ? line.length : end;
}

function readWord(line: string, from: number): [Word, number] {
  const parts: WordPart[] = [];
  let at = from;
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ kind: 'text', text, quoted: false });
    text = '';
  };
  while (at < line.length) {
    const char = line.charAt(at);
    if (/[ \t\r\n;|&()<>]/.test(char)) break;
    if (char === '\\') {
      flush();
      if (line.charAt(at + 1) !== '\n') parts.push({ kind: 'text', text: line.charAt(at + 1), quoted: true });
      at += 2;
    } else if (char === "'") {
      flush();
      const end = line.indexOf("'", at + 1);
      if (end < 0) throw new ShellSyntaxError("unexpected EOF while looking for matching `''");
      parts.push({ kind: 'text', text: line.slice(at + 1, end), quoted: true });
      at = end + 1;
    } else if (char === '"') {
      flush();
      at = readDoubleQuoted(line, at + 1, parts);
    } else if (char === '$' || char === '`') {
      flush();
      at = readExpansion(line, at, false, parts);
    } else {
      text += char;
      at += 1;
    }
  }
  flush();
  return [parts, at];
}

function readDoubleQuoted(line: string, from: number, parts: WordPart[]): number {
  let at = from;
  let text = '';
  const flush = (): void => {
    parts.push({ kind: 'text', text, quoted: true });
    text = '';
  };
  for (;;) {
    const char = line.charAt(at);
    if (char === '') throw new ShellSyntaxError('unexpected EOF while looking for matching `"\'');
    if (char === '"') {
      flush();
      return at + 1;
    }
    if (char === '\\' && /["\\$`\n]/.test(line.charAt(at + 1))) {
      if (line.charAt(at + 1) !== '\n') text += line.charAt(at + 1);
      at += 2;
    } else if (char === '$' || char === '`') {
      flush();
      at = readExpansion(line, at, true, parts);
    } else {
      text += char;
      at += 1;
    }
  }
}

/** Reads what a `$` or a backquote begins; a lone `$` is text. Returns where it ends. */
function readExpansion(line: string, from: number, quoted: boolean, parts: WordPart[]): number {
  if (line.charAt(from) === '`') {
    const end = line.indexOf('`', from + 1);
    if (end < 0) throw new ShellSyntaxError("unexpected EOF while looking for matching ``'");
    parts.push({ kind: 'command', source: line.slice(from + 1, end), quoted });
    return end + 1;
  }
  if (line.startsWith('$(', from)) {
    const end = closingParenthesis(line, from + 2);
    parts.push({ kind: 'command', source: line.slice(from + 2, end), quoted });
    return end + 1;
  }
  const braces = /^\$\{([A-Za-z_]\w*|[?#@*0-9$!])(?::?-([^}]*))?\}/.exec(line.slice(from));
  const plain = /^\$([A-Za-z_]\w*|[?#@*0-9$!])/.exec(line.slice(from, from + 80));
  const found = braces ?? plain;
  if (!found) {
    parts.push({ kind: 'text', text: '$', quoted });
    return from + 1;
  }
  parts.push({ kind: 'variable', name: found[1] ?? '', fallback: found[2] ?? null, quoted });
  return from + found[0].length;
}

function closingParenthesis(line: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let at = from; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '\\') at += 1;
    else if (char === '(') depth += 1;
    else if (char === ')' && --depth === 0) return at;
  }
  throw new ShellSyntaxError("unexpected EOF while looking for matching `)'");
}
