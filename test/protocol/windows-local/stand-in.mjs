// Stands in for powershell.exe: reads standard input like a console, a line at a time, and answers the calls of
// node-powershell as it was recorded. The name of the server in a call says how it goes.
import { createInterface } from 'node:readline';

const echo = /^\[Console\]::(Out|Error)\.WriteLine\("([^"]*)"\)$/;
const data = /-Data '([A-Za-z0-9+/=]+)'$/;
const base64 = (text) => Buffer.from(text, 'utf8').toString('base64');

function answer(request) {
  const frame = (kind, text) => `${request.call}:${kind}:${base64(text)}\n`;
  const failed = (stage, id, number) => frame('F', JSON.stringify({ stage, id, number, message: `told by ${id}` }));
  switch (request.host) {
    case 'hang':
      return null;
    case 'crash':
      process.stdout.write(frame('O', '{"event":"begin","operation":"read-state"}'));
      process.exit(1);
      return null;
    case 'noisy':
      process.stderr.write('WARNING: a profile said something\n');
      process.stdout.write('PS C:\\> \nnot ours:O:AAAA\n');
      return (
        frame('O', 'ünlaut ✓') + frame('E', '#< CLIXML\n<Objs><S S="Error">told on error</S></Objs>') + frame('X', '3')
      );
    case 'not-trusted':
      return failed('open', 'ServerNotTrusted,PSSessionOpenFailed', -2144108316);
    case 'denied':
      return failed('open', 'AccessDenied,PSSessionOpenFailed', 5);
    case 'quota':
      return failed('open', '-2144108060,PSSessionOpenFailed', -2144108060);
    case 'broken':
      return frame('O', 'half') + failed('run', 'JobFailure', null);
    case 'silent':
      return '';
    default:
      return frame('O', `ran ${Buffer.from(request.script, 'base64').toString('utf8')}`) + frame('X', '0');
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [, stream, text] = echo.exec(line) ?? [];
  if (stream !== undefined) {
    (stream === 'Out' ? process.stdout : process.stderr).write(`${text}\n`);
    continue;
  }
  const given = data.exec(line)?.[1];
  if (given === undefined) continue;
  const told = answer(JSON.parse(Buffer.from(given, 'base64').toString('utf8')));
  // A call that hangs never comes back: later lines wait behind it.
  if (told === null) await new Promise(() => setInterval(() => undefined, 60_000));
  process.stdout.write(told ?? '');
}
