import { parseArgs } from 'node:util';
import { defaultDataFolder } from '#engine/host/data-folder';
import { openLocalEngine } from '#engine/host/local-engine';
import { EvenkeelError } from '#shared/errors';
import { callOnce } from './call';
import { endpoints } from './endpoints';
import { passphraseFrom } from './passphrase';
import { rehearse } from './rehearse';
import { watchStream } from './watch';

const usage = `evenkeel call <name> '<json>'     one call; the answer as JSON
evenkeel watch <stream> '<json>'  a stream, one JSON line a message, until interrupted
evenkeel endpoints                every call and stream
evenkeel rehearse [--json]        the main job on the practice site, without a window
  --data DIR   where the data lie (${defaultDataFolder()})
The passphrase of stored secrets comes from EVENKEEL_PASSPHRASE or a prompt.
`;

/** Results on standard output; errors as {code,message,details} on standard error with exit status 1. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      speed: { type: 'string', default: '20' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [verb, name, input = '{}'] = positionals;
  if (values.help || verb === undefined) {
    process.stdout.write(usage);
    return verb === undefined && !values.help ? 1 : 0;
  }
  const dataFolder = values.data ?? defaultDataFolder();
  const open = async () => openLocalEngine({ dataFolder, passphrase: await passphraseFrom(process.env) });
  switch (verb) {
    case 'endpoints':
      process.stdout.write(endpoints());
      return 0;
    case 'call':
      return callOnce(await open(), required(name, 'the name of a call'), parseJson(input));
    case 'watch':
      return watchStream(await open(), required(name, 'the name of a stream'), parseJson(input));
    case 'rehearse':
      return rehearse({
        json: values.json,
        dataFolder: values.data ?? null,
        speed: Number(values.speed),
      });
    default:
      throw new EvenkeelError('unknown_call', { call: verb, advice: 'evenkeel --help lists what there is.' });
  }
}

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new EvenkeelError('invalid_argument', { problems: [`missing: ${what}`] });
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new EvenkeelError('invalid_argument', { problems: ['the input is no JSON'] });
    throw error;
  }
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    const shape =
      error instanceof EvenkeelError
        ? error.toShape()
        : { code: 'internal', message: error instanceof Error ? error.message : String(error), details: {} };
    process.stderr.write(`${JSON.stringify(shape)}\n`);
    process.exit(1);
  },
);
