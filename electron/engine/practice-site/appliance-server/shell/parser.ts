import type { Assignment, Command, List, ListItem, Pipeline, Redirect, Word } from './syntax';
import { ShellSyntaxError } from './syntax';
import { tokenize, type Token } from './tokens';

/** Parses a command line. Throws `ShellSyntaxError`. */
export function parseLine(line: string): List {
  const parser = new Parser(tokenize(line));
  const list = parser.list([]);
  parser.expectEnd();
  return list;
}

const closing = new Set(['}', 'then', 'elif', 'else', 'fi', 'do', 'done']);

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  expectEnd(): void {
    const token = this.tokens[this.at];
    if (token) throw new ShellSyntaxError(`syntax error near unexpected token \`${describe(token)}'`);
  }

  list(until: readonly string[]): List {
    const items: ListItem[] = [];
    let when: ListItem['when'] = 'always';
    for (;;) {
      this.skipNewlines();
      const token = this.tokens[this.at];
      if (!token || this.isOperator(')') || until.includes(this.keyword() ?? '')) return items;
      items.push({ pipeline: this.pipeline(), when });
      if (this.takeOperator('&&')) when = 'success';
      else if (this.takeOperator('||')) when = 'failure';
      else if (this.takeOperator(';') || this.takeOperator('&') || this.isOperator('\n')) when = 'always';
      else return items;
    }
  }

  private pipeline(): Pipeline {
    const negated = this.keyword() === '!';
    if (negated) this.at += 1;
    const commands = [this.command()];
    while (this.takeOperator('|')) {
      this.skipNewlines();
      commands.push(this.command());
    }
    return { negated, commands };
  }

  private command(): Command {
    const compound = this.compound();
    if (!compound) return this.simple();
    return { ...compound, redirects: this.redirects() };
  }

  private compound(): Command | null {
    if (this.takeOperator('(')) {
      const body = this.list([]);
      if (!this.takeOperator(')')) throw new ShellSyntaxError("syntax error: expected `)'");
      return { kind: 'subshell', body, redirects: [] };
    }
    switch (this.keyword()) {
      case '{':
        this.at += 1;
        return { kind: 'group', body: this.body('}'), redirects: [] };
      case 'if':
        this.at += 1;
        return this.ifCommand();
      case 'for':
        this.at += 1;
        return this.forCommand();
      case 'while':
      case 'until': {
        const until = this.keyword() === 'until';
        this.at += 1;
        return { kind: 'while', until, condition: this.body('do'), body: this.body('done'), redirects: [] };
      }
      default:
        return null;
    }
  }

  private ifCommand(): Command {
    const branches = [{ condition: this.body('then'), body: this.list(['elif', 'else', 'fi']) }];
    while (this.takeKeyword('elif')) {
      branches.push({ condition: this.body('then'), body: this.list(['elif', 'else', 'fi']) });
    }
    const otherwise = this.takeKeyword('else') ? this.list(['fi']) : null;
    if (!this.takeKeyword('fi')) throw new ShellSyntaxError("syntax error: expected `fi'");
    return { kind: 'if', branches, otherwise, redirects: [] };
  }

  private forCommand(): Command {
    const name = this.keyword() ?? '';
    this.at += 1;
    const words: Word[] = [];
    if (this.takeKeyword('in')) {
      for (let token = this.tokens[this.at]; token?.kind === 'word'; token = this.tokens[++this.at])
        words.push(token.word);
    }
    this.takeOperator(';');
    this.skipNewlines();
    if (!this.takeKeyword('do')) throw new ShellSyntaxError("syntax error: expected `do'");
    return { kind: 'for', name, words, body: this.body('done'), redirects: [] };
  }

  /** A list and the keyword that ends it. */
  private body(end: string): List {
    const list = this.list([end]);
    if (!this.takeKeyword(end)) throw new ShellSyntaxError(`syntax error: expected \`${end}'`);
    return list;
  }

  private simple(): Command {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const token = this.tokens[this.at];
      if (token?.kind === 'redirect') redirects.push(...this.redirects());
      else if (token?.kind === 'word') {
        const assignment = words.length ? null : asAssignment(token.word);
        if (assignment) assignments.push(assignment);
        else words.push(token.word);
        this.at += 1;
      } else break;
    }
    const first = this.keywordOf(words[0]);
    if ((!words.length && !assignments.length && !redirects.length) || (first !== null && closing.has(first))) {
      throw new ShellSyntaxError(`syntax error near unexpected token \`${first ?? describe(this.tokens[this.at])}'`);
    }
    return { kind: 'simple', assignments, words, redirects };
  }

  private redirects(): Redirect[] {
    const found: Redirect[] = [];
    for (let token = this.tokens[this.at]; token?.kind === 'redirect'; token = this.tokens[this.at]) {
      const target = this.tokens[this.at + 1];
      if (target?.kind !== 'word') throw new ShellSyntaxError("syntax error near unexpected token `newline'");
      this.at += 2;
      const kinds = { '>': 'write', '>>': 'append', '<': 'read', '>&': 'duplicate' } as const;
      if (token.fd === 12) {
        found.push({ fd: 1, kind: 'write', target: target.word });
        found.push({ fd: 2, kind: 'duplicate', target: [{ kind: 'text', text: '1', quoted: false }] });
      } else found.push({ fd: token.fd, kind: kinds[token.operator], target: target.word });
    }
    return found;
  }

  private keyword(): string | null {
    const token = this.tokens[this.at];
    return token?.kind === 'word' ? this.keywordOf(token.word) : null;
  }

  private keywordOf(word: Word | undefined): string | null {
    const part = word?.[0];
    return word?.length === 1 && part?.kind === 'text' && !part.quoted ? part.text : null;
  }

  private takeKeyword(text: string): boolean {
    this.skipNewlines();
    if (this.keyword() !== text) return false;
    this.at += 1;
    return true;
  }

  private isOperator(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'operator' && token.text === text;
  }

  private takeOperator(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.at += 1;
    return true;
  }

  private skipNewlines(): void {
    while (this.isOperator('\n')) this.at += 1;
  }
}

function asAssignment(word: Word): Assignment | null {
  const first = word[0];
  if (first?.kind !== 'text' || first.quoted) return null;
  const found = /^([A-Za-z_]\w*)=/.exec(first.text);
  if (!found) return null;
  const rest = first.text.slice(found[0].length);
  return { name: found[1] ?? '', value: [{ ...first, text: rest }, ...word.slice(1)] };
}

function describe(token: Token | undefined): string {
  if (!token) return 'newline';
  if (token.kind === 'operator') return token.text === '\n' ? 'newline' : token.text;
  return token.kind === 'redirect' ? token.operator : 'word';
}
