import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** SNMPv2c GET of sysName.0 with the community `public`, in BER (RFC 3416): the question every agent understands. */
const question = Buffer.from(
  '302902010104067075626c6963a01c02040153594e020100020100300e300c06082b060102010105000500',
  'hex',
);

/** Does anything answer on UDP? A closed or silent port cannot be told from a firewall: both are `false`. */
export async function answersSnmp(host: string, port: number, waitMs: number, signal: AbortSignal): Promise<boolean> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return new Promise<boolean>((resolve) => {
    const finish = (answered: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.close();
      resolve(answered);
    };
    const onAbort = (): void => finish(false);
    const timer = setTimeout(() => finish(false), waitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('message', () => finish(true));
    socket.once('error', () => finish(false));
    socket.send(question, port, host, (error) => {
      if (error) finish(false);
    });
  });
}
