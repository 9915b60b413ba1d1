import { EvenkeelError } from '#shared/errors';
import type { Channels } from '../channels/channels';
import { interfaceFor6, parseNdisc6 } from '../parsers/neighbours';
import type { ArpAnswer } from '../types';
import { firstLine, run } from './commands';

/**
 * Who answers neighbour solicitation for an IPv6 address, by `ndisc6`, where the unit has it [U]; every answer is waited
 * for. Throws `channel_unavailable` where it has not: its cache of neighbours would show one answer only.
 */
export async function solicit(channels: Channels, address: string, signal: AbortSignal): Promise<ArpAnswer> {
  const step = `ask who has ${address}`;
  const interfaces = await run(channels, step, ['ip', '-o', '-6', 'addr', 'show'], signal);
  const device = interfaceFor6(interfaces.stdout, address);
  if (device === null) {
    const advice = 'The unit has no interface on the network of this address.';
    throw new EvenkeelError('channel_unavailable', { unit: channels.unit, step, advice });
  }
  const words = ['ndisc6', '-m', '-n', '-r', '2', '-w', '1000', address, device];
  const result = await run(channels, step, words, signal, { root: true });
  if (!/^Soliciting /m.test(result.stdout)) {
    throw new EvenkeelError('command_failed', { unit: channels.unit, step, said: firstLine(result) });
  }
  return { via: 'ssh', address, macs: parseNdisc6(result.stdout), text: result.stdout.trim().slice(0, 4_000) };
}
