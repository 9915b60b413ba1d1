import { parseLine } from './parser';
import { Collector, nothingToRead, nowhere, Pipe, type Sink, type Source } from './streams';
import { ShellSyntaxError, type Command, type List, type Pipeline, type Redirect, type Word } from './syntax';

/** What a command gets. It returns its exit status. */
export interface CommandCall {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: Source;
  readonly out: Sink;
  readonly err: Sink;
  readonly signal: AbortSignal;
  /** Runs another command line, for `sh -c`, or words, for `sudo` and `timeout`. */
  readonly shell: Shell;
}

export type CommandImplementation = (call: CommandCall) => Promise<number>;

/** The files that redirections and patterns reach. */
export interface ShellFiles {
  matching(pattern: string): Promise<string[]>;
  read(path: string): Promise<Source>;
  /** Both throw an error with a message such as `No such file or directory`. */
  write(path: string, append: boolean): Promise<Sink & { close(): Promise<void> }>;
}

export interface Streams {
  readonly stdin: Source;
  readonly out: Sink;
  readonly err: Sink;
}

const stepLimit = 10_000;

/** Runs command lines against a set of commands. One instance a login; variables live in it. */
export class Shell {
  private status = 0;
  private steps = 0;
  private exited = false;

  constructor(
    private readonly commands: ReadonlyMap<string, CommandImplementation>,
    private readonly files: ShellFiles,
    private readonly signal: AbortSignal,
    private readonly variables = new Map<string, string>(),
  ) {}

  /** Runs a line and returns its exit status; a line that cannot be understood gives 2. */
  async run(line: string, streams: Streams): Promise<number> {
    try {
      return await this.list(parseLine(line), streams);
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      await streams.err.write(`bash: -c: line 1: ${error.message}\n`);
      return 2;
    }
  }

  /** Runs one command given as words. */
  async call(words: readonly string[], streams: Streams): Promise<number> {
    const [name, ...args] = words;
    if (name === undefined) return 0;
    const base = name.startsWith('/') ? (name.split('/').pop() ?? name) : name;
    const found = this.commands.get(base);
    if (!found) {
      await streams.err.write(
        `bash: ${name}: ${name.includes('/') ? 'No such file or directory' : 'command not found'}\n`,
      );
      return 127;
    }
    return found({ name: base, args, ...streams, signal: this.signal, shell: this });
  }

  has(name: string): boolean {
    return this.commands.has(name);
  }

  private async list(list: List, streams: Streams): Promise<number> {
    for (const item of list) {
      if (this.exited) break;
      if (item.when === 'success' && this.status !== 0) continue;
      if (item.when === 'failure' && this.status === 0) continue;
      this.status = await this.pipeline(item.pipeline, streams);
    }
    return this.status;
  }

  private async pipeline(pipeline: Pipeline, streams: Streams): Promise<number> {
    this.signal.throwIfAborted();
    const { commands } = pipeline;
    let status: number;
    if (commands.length === 1 && commands[0]) status = await this.command(commands[0], streams);
    else status = await this.piped(commands, streams);
    return pipeline.negated ? Number(status === 0) : status;
  }

  private async piped(commands: readonly Command[], streams: Streams): Promise<number> {
    const pipes = commands.slice(1).map(() => new Pipe());
    const running = commands.map(async (command, index) => {
      const before = pipes[index - 1];
      const after = pipes[index];
      try {
        return await this.child().command(command, {
          stdin: before?.source() ?? streams.stdin,
          out: after ?? streams.out,
          err: streams.err,
        });
      } finally {
        before?.readerGone();
        after?.end();
      }
    });
    const statuses = await Promise.all(running);
    return statuses.at(-1) ?? 0;
  }

  private child(): Shell {
    const shell = new Shell(this.commands, this.files, this.signal, new Map(this.variables));
    shell.status = this.status;
    return shell;
  }

  private async command(command: Command, streams: Streams): Promise<number> {
    if (++this.steps > stepLimit) throw new ShellSyntaxError('too many steps');
    const closers: (() => Promise<void>)[] = [];
    try {
      const inner = await this.redirect(command.redirects, streams, closers);
      return await this.dispatch(command, inner);
    } catch (error) {
      if (!(error instanceof RedirectError)) throw error;
      await streams.err.write(`bash: ${error.message}\n`);
      return 1;
    } finally {
      for (const close of closers) await close();
    }
  }

  private async dispatch(command: Command, streams: Streams): Promise<number> {
    switch (command.kind) {
      case 'group':
        return this.list(command.body, streams);
      case 'subshell':
        return this.child().list(command.body, streams);
      case 'if':
        for (const branch of command.branches) {
          if ((await this.list(branch.condition, streams)) === 0) return this.list(branch.body, streams);
        }
        this.status = 0;
        return command.otherwise ? this.list(command.otherwise, streams) : 0;
      case 'for': {
        let status = 0;
        for (const value of await this.expandAll(command.words, streams)) {
          this.variables.set(command.name, value);
          status = await this.list(command.body, streams);
        }
        return status;
      }
      case 'while': {
        let status = 0;
        while (((await this.list(command.condition, streams)) === 0) !== command.until) {
          if (++this.steps > stepLimit) throw new ShellSyntaxError('too many steps');
          status = await this.list(command.body, streams);
        }
        return status;
      }
      case 'simple':
        return this.simple(command.assignments, command.words, streams);
    }
  }

  private async simple(
    assignments: readonly { readonly name: string; readonly value: Word }[],
    words: readonly Word[],
    streams: Streams,
  ): Promise<number> {
    const expanded = await this.expandAll(words, streams);
    if (!expanded.length) {
      for (const item of assignments) this.variables.set(item.name, await this.expandOne(item.value, streams));
      return 0;
    }
    const [name, ...args] = expanded;
    if (name === 'exit') {
      this.exited = true;
      return args[0] === undefined ? this.status : Number(args[0]) & 255;
    }
    if (name === 'export') {
      for (const item of args) {
        const found = /^(\w+)=(.*)$/s.exec(item);
        if (found) this.variables.set(found[1] ?? '', found[2] ?? '');
      }
      return 0;
    }
    if (name === 'read') return this.readBuiltin(args, streams);
    return this.call(expanded, streams);
  }

  /** Reads one line: enough for `… | { read x; …; }` of small inputs. */
  private async readBuiltin(args: readonly string[], streams: Streams): Promise<number> {
    let text = '';
    for await (const chunk of streams.stdin) {
      text += chunk.toString('utf8');
      if (text.includes('\n')) break;
    }
    const line = text.split('\n')[0] ?? '';
    this.variables.set(args.filter((item) => !item.startsWith('-'))[0] ?? 'REPLY', line.trim());
    return text === '' ? 1 : 0;
  }

  private async redirect(
    redirects: readonly Redirect[],
    streams: Streams,
    closers: (() => Promise<void>)[],
  ): Promise<Streams> {
    let { stdin, out, err } = streams;
    for (const item of redirects) {
      const target = await this.expandOne(item.target, streams);
      if (item.kind === 'duplicate') {
        const from = target === '2' ? err : target === '1' ? out : nowhere;
        if (item.fd === 2) err = from;
        else out = from;
      } else if (item.kind === 'read') {
        stdin = target === '/dev/null' ? nothingToRead : await this.files.read(target).catch(asRedirectError(target));
      } else {
        const sink = target === '/dev/null' ? nowhere : await this.open(target, item.kind === 'append', closers);
        if (item.fd === 2) err = sink;
        else if (item.fd === 1) out = sink;
      }
    }
    return { stdin, out, err };
  }

  private async open(path: string, append: boolean, closers: (() => Promise<void>)[]): Promise<Sink> {
    const file = await this.files.write(path, append).catch(asRedirectError(path));
    closers.push(() => file.close());
    return file;
  }

  private async expandAll(words: readonly Word[], streams: Streams): Promise<string[]> {
    const all: string[] = [];
    for (const word of words) all.push(...(await this.expandWord(word, streams)));
    return all;
  }

  private async expandOne(word: Word, streams: Streams): Promise<string> {
    const parts = [];
    for (const part of word) parts.push((await this.part(part, streams)).text);
    return parts.join('');
  }

  /** Field splitting and patterns apply to what stands outside quotes. */
  private async expandWord(word: Word, streams: Streams): Promise<string[]> {
    const fields: { text: string; pattern: boolean }[] = [];
    let open: { text: string; pattern: boolean } | null = null;
    for (const part of word) {
      const { text, split } = await this.part(part, streams);
      if (!split) {
        open ??= { text: '', pattern: false };
        open.text += text;
        if (!part.quoted && part.kind === 'text' && /[*?]/.test(text)) open.pattern = true;
        continue;
      }
      const pieces = text.split(/[ \t\n]+/);
      for (const [index, piece] of pieces.entries()) {
        if (index > 0 && open) {
          fields.push(open);
          open = null;
        }
        if (piece !== '') {
          open ??= { text: '', pattern: false };
          open.text += piece;
        }
      }
    }
    if (open) fields.push(open);
    const result: string[] = [];
    for (const field of fields) {
      const matches = field.pattern ? await this.files.matching(field.text) : [];
      result.push(...(matches.length ? matches : [field.text]));
    }
    return result;
  }

  private async part(part: Word[number], streams: Streams): Promise<{ text: string; split: boolean }> {
    if (part.kind === 'text') {
      const home = !part.quoted && /^~(?=\/|$)/.test(part.text);
      return { text: home ? part.text.replace('~', '/root') : part.text, split: false };
    }
    if (part.kind === 'variable') {
      const value = part.name === '?' ? String(this.status) : this.variables.get(part.name);
      return {
        text: value === undefined || value === '' ? (part.fallback ?? value ?? '') : value,
        split: !part.quoted,
      };
    }
    const collector = new Collector();
    const child = this.child();
    this.status = await child.run(part.source, { ...streams, out: collector });
    return { text: collector.text().replace(/\n+$/, ''), split: !part.quoted };
  }
}

class RedirectError extends Error {}

function asRedirectError(path: string): (error: unknown) => never {
  return (error) => {
    throw new RedirectError(`${path}: ${error instanceof Error ? error.message : 'cannot be opened'}`);
  };
}
