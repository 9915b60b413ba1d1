import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { namespaceOf, type Place } from './names';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** Milliseconds after which the command is killed and gives code 124. */
  readonly deadlineMs?: number;
}

/** Runs a command to its end, whatever its status. */
export async function run(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...args] = words;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const deadline = { passed: false };
  const timer = setTimeout(() => {
    deadline.passed = true;
    child.kill('SIGKILL');
  }, options.deadlineMs ?? 15_000);
  // A command that does not read its input may close it first.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  try {
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (status) => resolve(status ?? 137));
      }),
    ]);
    return { code: deadline.passed ? 124 : code, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a command that must succeed; gives its output. */
export async function must(words: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(words, options);
  if (code === 0) return stdout;
  throw new Error(`${words.slice(0, 8).join(' ')}: status ${code}: ${stderr.trim() || stdout.trim()}`.slice(0, 2_000));
}

/** The words that run a command inside a namespace of this lab. */
export function within(place: Place, words: readonly string[]): readonly string[] {
  return ['ip', 'netns', 'exec', namespaceOf(place), ...words];
}

/** Lines for `ip`, inside a namespace. */
export async function ipLines(place: Place, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await must(['ip', '-n', namespaceOf(place), '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** Rules for `nft`, inside a namespace; all of them or none. */
export async function nftRules(place: Place, rules: string): Promise<void> {
  await must(within(place, ['nft', '-f', '-']), { input: rules });
}
