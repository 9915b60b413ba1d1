import { connect } from 'node:net';
import { EvenkeelError } from '#shared/errors';
import { networkFailure } from '../channels/failures';
import type { Where } from '../deadline';

/**
 * Connects, reads the greeting of an SSH server (`SSH-2.0-OpenSSH_9.2p1 …`) and hangs up. Gives the software's name,
 * for example `OpenSSH`; `answer_not_understood` when something else answers.
 */
export async function readSshGreeting(host: string, port: number, where: Where, signal: AbortSignal): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const socket = connect(port, host);
    let text = '';
    const finish = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => finish(() => reject(networkFailure(signal.reason, where, 'aborted')));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const software = /^SSH-\d\.\d+-([A-Za-z0-9.]+)[^\n]*\n/m.exec(text)?.[1];
      if (software) finish(() => resolve(software.replace(/[_-].*$/, '')));
      else if (text.length > 8_192) finish(() => reject(new EvenkeelError('answer_not_understood', { ...where })));
    });
    socket.once('error', (error) => finish(() => reject(networkFailure(error, where))));
    socket.once('close', () =>
      finish(() => reject(new EvenkeelError(text === '' ? 'link_cut' : 'answer_not_understood', { ...where }))),
    );
    if (signal.aborted) onAbort();
  });
}
