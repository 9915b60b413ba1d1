/**
 * Fifty practice Windows servers in a process of their own. Prints `{"ports","account"}` on one line and ends when
 * standard input does. A script that is the product's own acts on the modelled state; `bench` takes 3 ms and prints two
 * kilobytes;
 * `long` prints as many megabytes as follow it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createWindowsExecutor } from '#engine/practice-site/windows-model/index';
import { startWinrmServer, type ExecuteOutput, type ExecuteRequest } from '#engine/practice-site/winrm-server/index';
import { lanAdapter, rightLoopback, server } from '#test/unit/direct-routing/windows-fixtures';

const servers = 50;
/** A real PowerShell takes some hundred milliseconds to start: this leaves the clients' own share in sight. */
const scriptMs = 3;
const account = { username: 'vagrant', password: 'Pa55-word', domain: '' };
const block = '0123456789abcdef'.repeat(16 * 1024);

async function* print(
  request: ExecuteRequest,
  otherwise: () => AsyncIterable<ExecuteOutput>,
): AsyncGenerator<ExecuteOutput> {
  const [word, megabytes = '0'] = (request.script ?? request.commandLine).trim().split(' ');
  if (word === 'bench') {
    await sleep(scriptMs);
    yield { stream: 'stdout', data: 'x'.repeat(2048) };
  } else if (word === 'long') {
    for (let n = Number(megabytes) * 4; n > 0; n--) yield await Promise.resolve({ stream: 'stdout', data: block });
  } else {
    yield* otherwise();
    return;
  }
  yield { exitCode: 0 };
}

const started = await Promise.all(
  Array.from({ length: servers }, (_unused, n) => {
    let state = server([lanAdapter(), rightLoopback()]);
    const executor = createWindowsExecutor({
      read: () => state,
      write: (next) => {
        state = next;
      },
      clock: { wait: () => Promise.resolve() },
      faults: () => ({}),
    });
    return startWinrmServer({
      host: '127.0.0.1',
      http: { port: 0 },
      accounts: [account],
      computerName: `RS${String(n + 1)}`,
      execute: (request) =>
        print(request, () =>
          executor.execute({ ...request, stdin: request.stdin.toString('utf8'), user: request.user.username }),
        ),
    });
  }),
);
process.stdout.write(`${JSON.stringify({ ports: started.map(({ httpPort }) => httpPort), account })}\n`);
process.stdin.resume();
process.stdin.on('end', () => void Promise.all(started.map((server) => server.close())));
