/**
 * Streams 100 MB of output from a practice server; argument: the port, user and password as JSON. Prints
 * `{"idle","most","characters","seconds"}`: the memory of the process in bytes, idle after a first
 * script with 5 MB of output, and at most.
 */
import { z } from 'zod';
import { runPowerShell, type WinrmTarget } from '#engine/windows/winrm/index';

const order = z.object({ port: z.number(), username: z.string(), password: z.string() });
const { port, username, password } = order.parse(JSON.parse(process.argv[2] ?? ''));
const target: WinrmTarget = {
  host: '127.0.0.1',
  port,
  scheme: 'http',
  auth: { kind: 'ntlm', username, password, domain: '' },
};
const options = { signal: new AbortController().signal, deadlineMs: 300_000 };
// Like an engine that has been at work: the heap has the room that a script with some output asks for.
await runPowerShell(target, 'long 5', { ...options, onStdout: () => undefined });
const idle = process.memoryUsage().rss;
let most = idle;
let characters = 0;
const started = performance.now();
await runPowerShell(target, 'long 100', {
  ...options,
  onStdout: (text) => {
    characters += text.length;
    most = Math.max(most, process.memoryUsage().rss);
  },
});
process.stdout.write(`${JSON.stringify({ idle, most, characters, seconds: (performance.now() - started) / 1000 })}\n`);
