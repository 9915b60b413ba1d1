import { WinrmError, connect, type WinrmTarget } from '#engine/windows/winrm/index';
import { damage, invented } from './damage';
import { Random } from './random';
import { ACCOUNT, OUTPUT, ScriptedHost, asHttp, httpOf, type Answer, type Answering, type Then } from './scripted-host';

/** Where a reply is damaged: its bytes, the sealed frame, what is sealed in it, or all of it is made up. */
type Layer = 'bytes' | 'frame' | 'content' | 'invented';

/** Requests that a whole session makes; beyond several times that it does not come to an end. */
const MOST_REQUESTS = 60;
const SILENCE_MS = 30;

/**
 * One session of the real client with a host that gives one wrong answer. Throws when the client does anything but
 * finish with the true output or give up with a typed error that tells no secret.
 */
export async function fuzzCase(seed: number, index: number): Promise<void> {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const encrypts = random.chance(70);
  const layer: Layer = random.pick(['bytes', 'frame', 'content', 'content', 'invented']);
  const requestsOfSession = encrypts ? 9 : 7;
  // The one with the output is worth more than its share.
  const which = random.chance(20) ? (encrypts ? 5 : 3) : random.below(requestsOfSession);
  const silence = random.chance(2);
  const wayOut = random.pick<Then>(['end', 'cut', 'go-on']);
  const laterConnections = random.chance(50);
  let requests = 0;
  let connections = 0;
  const seen = { endless: false };

  const answering: Answering = (answer) => {
    requests += 1;
    if (requests > MOST_REQUESTS) {
      seen.endless = true;
      return { pieces: [], then: 'cut' };
    }
    if (requests - 1 !== which) return { pieces: [asHttp(answer)], then: 'go-on' };
    const reply = wrong(answer, layer, random);
    // Bytes that are not a whole reply leave a client waiting for more: the host closes then, except where silence is meant.
    const whole = layer === 'content' || (layer === 'frame' && answer.kind === 'soap');
    const then: Then = silence ? 'silence' : whole ? wayOut : wayOut === 'go-on' ? 'end' : wayOut;
    return { pieces: cut(reply, random), then };
  };
  const target: WinrmTarget = {
    host: 'fuzz',
    port: 5985,
    scheme: encrypts ? 'http' : 'https',
    auth: encrypts ? { kind: 'ntlm', ...ACCOUNT } : { kind: 'basic', ...ACCOUNT },
  };
  const dial = (): Promise<{ socket: ScriptedHost; certificate: undefined }> => {
    connections += 1;
    if (connections > 1 && !laterConnections) return Promise.reject(new WinrmError('connect-refused', 'gone'));
    return Promise.resolve({ socket: new ScriptedHost(answering, encrypts), certificate: undefined });
  };
  const controller = new AbortController();
  const timer = silence ? setTimeout(() => controller.abort(), SILENCE_MS) : undefined;
  try {
    const stdout = await session(target, dial, controller.signal, random);
    // What is not sealed as it should be must not pass for output.
    if (encrypts && layer !== 'content' && stdout !== OUTPUT) throw new Error(`It believed ${JSON.stringify(stdout)}.`);
  } catch (error) {
    judge(error);
  } finally {
    clearTimeout(timer);
  }
  if (seen.endless) throw new Error('The client asks without end.');
}

/** A typed error that tells no secret is as it should be. */
function judge(error: unknown): void {
  if (!(error instanceof WinrmError)) throw error;
  if (`${error.message} ${error.stack ?? ''} ${error.advice ?? ''}`.includes(ACCOUNT.password)) {
    throw new Error('The error tells the password.', { cause: error });
  }
}

async function session(
  target: WinrmTarget,
  dial: () => Promise<{ socket: ScriptedHost; certificate: undefined }>,
  signal: AbortSignal,
  random: Random,
): Promise<string> {
  const connection = await connect(target, { signal, dial });
  try {
    const shell = await connection.shell({ signal });
    const options = { signal, deadlineMs: 20_000 };
    // With more input than a pipe holds, output is read over a second connection meanwhile.
    const input = random.chance(10) ? 'x'.repeat(5000) : undefined;
    const command = random.chance(20) ? { commandLine: 'more' } : { powershell: 'x' };
    return (await shell.run(command, { ...options, input })).stdout;
  } finally {
    await connection.close();
  }
}

function wrong(answer: Answer, layer: Layer, random: Random): Buffer {
  switch (layer) {
    case 'content':
      return asHttp(answer, damage(answer.content, random));
    case 'frame':
      return answer.kind === 'soap'
        ? httpOf(answer, [], damage(answer.seal(answer.content), random))
        : damage(asHttp(answer), random);
    case 'invented':
      return invented(random);
    case 'bytes':
      return damage(asHttp(answer), random);
  }
}

/** As one piece or as several, as a network may deliver it. */
function cut(data: Buffer, random: Random): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let rest = data;
  for (let n = random.pick([0, 0, 1, 3, 9]); n > 0 && rest.length > 1; n--) {
    const at = 1 + random.below(rest.length - 1);
    pieces.push(rest.subarray(0, at));
    rest = rest.subarray(at);
  }
  if (rest.length > 0) pieces.push(rest);
  return pieces;
}
