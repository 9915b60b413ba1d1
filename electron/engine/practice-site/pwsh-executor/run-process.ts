import { spawn } from 'node:child_process';
import type { ExecuteOutput } from '../winrm-server/index';

export interface ProcessRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Standard input as it comes; none: it is closed at once. */
  readonly input: AsyncIterable<Uint8Array> | undefined;
  /** Aborting kills the process. */
  readonly signal: AbortSignal;
}

/** Runs a program and gives what it writes as it writes it, last its exit code. Throws when it cannot be started. */
export async function* runProcess(request: ProcessRequest): AsyncGenerator<ExecuteOutput> {
  const child = spawn(request.program, [...request.args], { env: request.env, signal: request.signal });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  // Whoever reads the outputs is told at the end.
  ended.catch(() => undefined);
  // A program that ends before it has read everything closes its standard input.
  child.stdin.on('error', () => undefined);
  const fed = feed(child.stdin, request.input);
  fed.catch(() => child.kill());
  try {
    yield* both(outputs(child.stdout, 'stdout'), outputs(child.stderr, 'stderr'));
    yield { exitCode: await ended };
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

async function feed(stdin: NodeJS.WritableStream, input: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const part of input ?? []) {
    if (!stdin.write(part)) await new Promise<void>((resolve) => onceEither(stdin, ['drain', 'close'], resolve));
  }
  stdin.end();
}

function onceEither(stream: NodeJS.WritableStream, events: readonly string[], resolve: () => void): void {
  for (const event of events) stream.once(event, resolve);
}

async function* outputs(
  stream: AsyncIterable<Buffer>,
  name: 'stdout' | 'stderr',
): AsyncGenerator<{ readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array }> {
  for await (const data of stream) yield { stream: name, data };
}

/** Two streams as one, in the order in which their parts come. */
async function* both<T>(a: AsyncGenerator<T>, b: AsyncGenerator<T>): AsyncGenerator<T> {
  const next = async (source: AsyncGenerator<T>) => ({ source, step: await source.next() });
  const waiting = new Map([
    [a, next(a)],
    [b, next(b)],
  ]);
  while (waiting.size > 0) {
    const { source, step } = await Promise.race(waiting.values());
    if (step.done === true) waiting.delete(source);
    else {
      waiting.set(source, next(source));
      yield step.value;
    }
  }
}
