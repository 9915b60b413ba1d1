// One TCP connection to a web server, kept open. Prints the page at once and again for every line on standard input;
// `-` when the connection is dead or silent for three seconds.
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

const host = process.argv[2] ?? '';
const socket = createConnection({ host, port: 80 });
let pending = '';
let answer = null;

const say = (text) => {
  answer = null;
  process.stdout.write(`${text}\n`);
};
const ask = () => {
  const late = setTimeout(() => say('-'), 3_000);
  answer = (text) => {
    clearTimeout(late);
    say(text);
  };
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
};
socket.on('connect', ask);
socket.on('error', () => answer?.('-'));
socket.on('data', (chunk) => {
  pending += chunk.toString();
  const head = pending.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? NaN);
  if (head < 0 || pending.length < head + 4 + length) return;
  const body = pending.slice(head + 4, head + 4 + length);
  pending = '';
  answer?.(body.trim());
});
createInterface({ input: process.stdin }).on('line', ask);
