/**
 * The whole engine in a process of its own, to be killed. Its way in is the channel to the process that started it.
 * Argument: the data folder; the passphrase comes by the environment, as for the command line.
 */
import { openLocalEngine } from '#engine/host/local-engine';
import { processPort } from './process-port';

const [dataFolder = ''] = process.argv.slice(2);
const engine = await openLocalEngine({ dataFolder });
engine.serve(processPort(process));
process.send?.('ready');
process.once('disconnect', () => process.exit(1));
