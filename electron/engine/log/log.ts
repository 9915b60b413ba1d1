import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import nodeLog from 'electron-log/node';
import { redact, redactText } from './redact';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  error(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  debug(text: string, fields?: LogFields): void;
  /** Writes an unexpected error and gives the id under which the log has it. */
  unexpected(error: unknown, step: string): string;
  /** The newest unexpected error, for the status line. */
  lastError(): { readonly at: number; readonly text: string; readonly logId: string } | null;
}

export interface LogOptions {
  readonly folder: string;
  readonly level: LogLevel;
  /** Bytes after which a new file is begun; the last three are kept. */
  readonly maxBytes?: number;
  readonly now?: () => number;
}

const keptFiles = 3;

/** A short id to read out over the telephone: `7f3a-0c12`. */
export function logId(): string {
  const hex = randomBytes(4).toString('hex');
  return `${hex.slice(0, 4)}-${hex.slice(4)}`;
}

/** A log file `engine.log` in the folder, redacted in one place, one line an entry. */
export function createLog(options: LogOptions): Log {
  const { folder, level, maxBytes = 5 * 1024 ** 2, now = Date.now } = options;
  mkdirSync(folder, { recursive: true });
  const writer = nodeLog.create({ logId: `engine ${folder}` });
  const { file } = writer.transports;
  // Standard output belongs to the command line's results.
  writer.transports.console.level = false;
  file.resolvePathFn = () => join(folder, 'engine.log');
  file.level = level;
  file.maxSize = maxBytes;
  file.format = '{text}';
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  file.archiveLogFn = () => rotate(folder);
  let last: ReturnType<Log['lastError']> = null;
  const write = (kind: LogLevel, text: string, fields?: LogFields): void => {
    writer[kind](formatLine(now(), kind, text, fields));
  };
  return {
    error: (text, fields) => write('error', text, fields),
    warn: (text, fields) => write('warn', text, fields),
    info: (text, fields) => write('info', text, fields),
    debug: (text, fields) => write('debug', text, fields),
    unexpected: (error, step) => {
      const id = logId();
      write('error', `unexpected error at ${step}`, { logId: id, error });
      last = { at: now(), text: redactText(`Unexpected error at ${step}`), logId: id };
      return id;
    },
    lastError: () => last,
  };
}

function formatLine(at: number, level: LogLevel, text: string, fields: LogFields | undefined): string {
  const line = `${new Date(at).toISOString()} ${level.padEnd(5)} ${redactText(text).replace(/\s*[\r\n]+\s*/g, ' ')}`;
  return fields === undefined ? line : `${line} ${JSON.stringify(redact(fields))}`;
}

function rotate(folder: string): void {
  for (let index = keptFiles - 1; index >= 1; index--) {
    const older = join(folder, `engine.${index}.log`);
    if (existsSync(older)) renameSync(older, join(folder, `engine.${index + 1}.log`));
  }
  renameSync(join(folder, 'engine.log'), join(folder, 'engine.1.log'));
}

/** For tests and for parts that run without a file: keeps nothing. */
export function silentLog(): Log {
  const nothing = (): void => undefined;
  return {
    error: nothing,
    warn: nothing,
    info: nothing,
    debug: nothing,
    unexpected: () => logId(),
    lastError: () => null,
  };
}
