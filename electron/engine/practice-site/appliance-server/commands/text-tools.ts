import { readAll, type CommandCall, type CommandImplementation } from '../shell/index';
import { UnitFileError, type UnitFiles } from '../unit-files';

/** Commands that read files or standard input and print. */
export function textTools(files: UnitFiles): [string, CommandImplementation][] {
  const inputs = (call: CommandCall, paths: readonly string[]) => readInputs(files, call, paths);
  return [
    ['cat', async (call) => copyThrough(call, inputs(call, withoutOptions(call.args)))],
    ['head', async (call) => head(call, files)],
    ['tail', async (call) => tail(call, files)],
    ['grep', async (call) => grep(call, files)],
    [
      'wc',
      async (call) => {
        const paths = withoutOptions(call.args);
        let bytes = 0;
        let lines = 0;
        const status = await inputs(
          call,
          paths,
        )(async (chunk) => {
          bytes += chunk.length;
          for (const byte of chunk) if (byte === 10) lines += 1;
          return Promise.resolve(true);
        });
        const shown = call.args.includes('-c') ? [bytes] : call.args.includes('-l') ? [lines] : [lines, bytes];
        await call.out.write(`${[...shown, ...paths].join(' ')}\n`);
        return status;
      },
    ],
    [
      'tr',
      async (call) => {
        const text = await readAll(call.stdin);
        const [first = '', second = ''] = withoutOptions(call.args);
        const from = first.replace(/\\n/g, '\n').replace(/\\0/g, '\0');
        const to = second.replace(/\\n/g, '\n');
        const mapped = Array.from(text, (char) => {
          const at = from.indexOf(char);
          if (at < 0) return char;
          return call.args[0] === '-d' ? '' : to.charAt(Math.min(at, to.length - 1));
        });
        await call.out.write(mapped.join(''));
        return 0;
      },
    ],
  ];
}

export function withoutOptions(args: readonly string[]): string[] {
  return args.filter((item) => item === '-' || !item.startsWith('-'));
}

/** Feeds a file after the other to `use`, which returns false when it has enough. Missing ones give status 1. */
export function readInputs(files: UnitFiles, call: CommandCall, paths: readonly string[]) {
  return async (use: (chunk: Buffer) => Promise<boolean>): Promise<number> => {
    let status = 0;
    for (const path of paths.length ? paths : ['-']) {
      try {
        const source = path === '-' ? call.stdin : await files.source(path);
        for await (const chunk of source) {
          call.signal.throwIfAborted();
          if (!(await use(chunk))) break;
        }
      } catch (error) {
        if (!(error instanceof UnitFileError)) throw error;
        await call.err.write(`${call.name}: ${path}: ${error.message}\n`);
        status = 1;
      }
    }
    return status;
  };
}

async function copyThrough(
  call: CommandCall,
  read: (use: (chunk: Buffer) => Promise<boolean>) => Promise<number>,
): Promise<number> {
  return read(async (chunk) => {
    await call.out.write(chunk);
    return true;
  });
}

/** `-n N`, `-N`, `-c N`: the value of the first option given that way, and the paths left. */
function countOption(args: readonly string[]): { bytes: number | null; lines: number; paths: string[]; from: boolean } {
  let bytes: number | null = null;
  let lines = 10;
  let from = false;
  const paths: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const item = args[at] ?? '';
    const joined = /^-([nc])(.+)$/.exec(item) ?? /^-()(\d+)$/.exec(item);
    const value = joined ? joined[2] : item === '-n' || item === '-c' ? args[++at] : undefined;
    if (value === undefined) {
      if (item === '-' || !item.startsWith('-')) paths.push(item);
      continue;
    }
    from = value.startsWith('+');
    if ((joined?.[1] ?? item.slice(1)) === 'c') bytes = Number(value);
    else lines = Number(value);
  }
  return { bytes, lines, paths, from };
}

async function head(call: CommandCall, files: UnitFiles): Promise<number> {
  const { bytes, lines, paths } = countOption(call.args);
  let left = bytes ?? lines;
  return readInputs(
    files,
    call,
    paths,
  )(async (chunk) => {
    let end = 0;
    if (bytes !== null) {
      end = Math.min(left, chunk.length);
      left -= end;
    } else {
      while (end < chunk.length && left > 0) if (chunk[end++] === 10) left -= 1;
    }
    await call.out.write(chunk.subarray(0, end));
    return left > 0;
  });
}

/** Keeps at most 8 MB: enough for the logs of a unit. */
async function tail(call: CommandCall, files: UnitFiles): Promise<number> {
  const { bytes, lines, paths, from } = countOption(call.args);
  let kept = Buffer.alloc(0);
  let skip = from && bytes !== null ? bytes - 1 : 0;
  const status = await readInputs(
    files,
    call,
    paths,
  )(async (chunk) => {
    if (from && bytes !== null) {
      const start = Math.min(skip, chunk.length);
      skip -= start;
      await call.out.write(chunk.subarray(start));
    } else kept = Buffer.concat([kept, chunk]).subarray(-8 * 1024 * 1024);
    return true;
  });
  if (from && bytes !== null) return status;
  if (bytes !== null) await call.out.write(kept.subarray(-bytes));
  else {
    const all = kept.toString('utf8').replace(/\n$/, '').split('\n');
    const shown = from ? all.slice(lines - 1) : all.slice(-lines);
    if (kept.length) await call.out.write(`${shown.join('\n')}\n`);
  }
  return status;
}

async function grep(call: CommandCall, files: UnitFiles): Promise<number> {
  const flags = call.args.filter((item) => /^-[a-zA-Z]+$/.test(item)).join('');
  const [pattern = '', ...paths] = withoutOptions(call.args);
  const source = flags.includes('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
  const test = new RegExp(source, flags.includes('i') ? 'i' : '');
  let text = '';
  const status = await readInputs(
    files,
    call,
    paths,
  )((chunk) => {
    text += chunk.toString('utf8');
    return Promise.resolve(true);
  });
  const lines = text.replace(/\n$/, '').split('\n');
  const hits = lines.filter((line) => test.test(line) !== flags.includes('v'));
  if (flags.includes('c')) await call.out.write(`${hits.length}\n`);
  else if (!flags.includes('q') && hits.length) await call.out.write(`${hits.join('\n')}\n`);
  return status !== 0 ? 2 : hits.length ? 0 : 1;
}
