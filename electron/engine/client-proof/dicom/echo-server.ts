import type { Socket } from 'node:net';
import { decodeCommand, echoRequest, echoResponseCommand } from './command';
import { PduFault } from './fields';
import { PduLink } from './link';
import { abortPdu, associateAccept, associateReject, commandData, releaseResponse, type Pdu } from './pdu';
import { uids } from './values';

/** Without a word for so long, an association is given up. */
const idleMs = 30_000;
const unexpectedPdu = 2;

/**
 * Verification as a service provider on one connection, for the practice site: answers C-ECHO and nothing else. `knows`
 * tells whether the called title is its own. Resolves when the connection is over.
 */
export async function serveEcho(socket: Socket, knows: (called: string) => boolean): Promise<void> {
  socket.setTimeout(idleMs, () => socket.destroy());
  const link = new PduLink(socket);
  const contexts = new Set<number>();
  for (;;) {
    const pdu = await link.next();
    if (pdu.kind === 'end' || pdu.kind === 'abort') break;
    if (pdu.kind === 'release-request') {
      socket.end(releaseResponse());
      break;
    }
    const answer = reply(pdu, contexts, knows);
    link.send(answer ?? abortPdu(2, unexpectedPdu));
    if (answer === null) {
      socket.end();
      break;
    }
  }
}

/** `null`: nothing that may come now. */
function reply(pdu: Pdu, contexts: Set<number>, knows: (called: string) => boolean): Buffer | null {
  if (pdu.kind === 'associate-request') {
    if (contexts.size > 0) return null;
    if (!knows(pdu.called)) return associateReject(1, 1, 7);
    const answers = pdu.contexts.map(({ id, abstractSyntax, transferSyntaxes }) => {
      const common = transferSyntaxes.find((syntax) => syntax === uids.implicitLittleEndian) ?? transferSyntaxes[0];
      const result = abstractSyntax !== uids.verification ? 3 : common === undefined ? 4 : 0;
      if (result === 0) contexts.add(id);
      return { id, result, transferSyntax: common ?? uids.implicitLittleEndian };
    });
    return associateAccept(pdu.called, pdu.calling, answers);
  }
  if (pdu.kind !== 'data') return null;
  const [value] = pdu.values;
  if (value === undefined || pdu.values.length > 1 || !value.command || !value.last) return null;
  const id = contexts.has(value.contextId) ? echoId(value.data) : null;
  return id === null ? null : commandData(value.contextId, echoResponseCommand(id, 0));
}

function echoId(bytes: Buffer): number | null {
  try {
    const command = decodeCommand(bytes);
    return command.field === echoRequest ? command.messageId : null;
  } catch (error) {
    if (error instanceof PduFault) return null;
    throw error;
  }
}
