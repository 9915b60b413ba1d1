import type { ClientOutcome } from '#shared/domain/direct-routing/client';
import type { Opened } from '../connect';
import { failed, plain } from '../outcomes';
import type { ClientSeen, Titles } from '../types';
import { decodeCommand, echoRequestCommand, echoResponse } from './command';
import { PduFault } from './fields';
import { PduLink, type LinkEnd } from './link';
import { abortPdu, associateRequest, commandData, releaseRequest, type Pdu } from './pdu';
import { abortDetail, contextWord, rejectionDetail, rejectionWord } from './reasons';
import { uids } from './values';

const contextId = 1;
const messageId = 1;
/** A peer that answered may take this long to say goodbye. */
const releaseMs = 1_000;

/** Verification as a service user: association, C-ECHO, release (PS3.4 annex A). Ends by the time given. */
export async function proveDicom(
  opened: Opened & { readonly open: true },
  titles: Titles,
  answerMs: number,
  signal: AbortSignal,
): Promise<ClientSeen> {
  const link = new PduLink(opened.socket);
  const talk = new Talk(link, opened.ms);
  try {
    const seen = await within(answerMs, signal, talk.run(titles));
    if (seen === 'late') return tooLate(talk.waitsFor, link.half, answerMs);
    if (seen.outcome === 'ok') await within(releaseMs, signal, release(link));
    return seen;
  } finally {
    link.close();
  }
}

function tooLate(waitedFor: string, half: number, answerMs: number): ClientSeen {
  const came = half > 0 ? ` ${half} bytes of an answer came.` : '';
  const detail = `Connected; no answer to the ${waitedFor} within ${answerMs / 1_000} s.${came}`;
  return failed('timeout', detail, 'no answer');
}

/** The result, or `late` after so many milliseconds. Rejects with the signal's reason. */
async function within<T>(milliseconds: number, signal: AbortSignal, work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  const clock = new Promise<'late'>((resolve, reject) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, clock]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function release(link: PduLink): Promise<void> {
  link.send(releaseRequest());
  await link.next();
}

/** One conversation, step by step. */
class Talk {
  waitsFor = 'association request';
  private readonly started = performance.now();

  constructor(
    private readonly link: PduLink,
    private readonly connectMs: number,
  ) {}

  async run(titles: Titles): Promise<ClientSeen> {
    const transferSyntaxes = [uids.implicitLittleEndian, uids.explicitLittleEndian];
    const offer = { id: contextId, abstractSyntax: uids.verification, transferSyntaxes };
    this.link.send(associateRequest(titles.called, titles.calling, [offer]));
    const answer = await this.link.next();
    if (answer.kind !== 'associate-accept') return this.otherwise(answer);
    const context = answer.contexts.find((item) => item.id === contextId);
    if (context?.result !== 0) {
      this.link.send(abortPdu(0, 0));
      const word = context === undefined ? 'verification is not supported' : contextWord(context.result);
      return failed('rejected', 'The association stands, but not for verification.', word);
    }
    const associated = performance.now();
    this.waitsFor = 'C-ECHO request';
    this.link.send(commandData(contextId, echoRequestCommand(messageId)));
    const status = await this.echoStatus();
    if (typeof status !== 'number') return status;
    const done = performance.now();
    const ms = this.connectMs + done - this.started;
    const times = `Connected in ${round(this.connectMs)} ms, associated in ${round(associated - this.started)} ms, C-ECHO in ${round(done - associated)} ms.`;
    const peer = answer.peer === null ? '' : ` Peer: ${plain(answer.peer, 32)}.`;
    if (status === 0) return { outcome: 'ok', word: 'C-ECHO ok', ms, certificate: null, detail: times + peer };
    const word = `C-ECHO status 0x${status.toString(16).padStart(4, '0')}`;
    return { outcome: 'rejected', word, ms, certificate: null, detail: times + peer };
  }

  /** The command may come in several pieces. */
  private async echoStatus(): Promise<number | ClientSeen> {
    const pieces: Buffer[] = [];
    for (let turn = 0; turn < 16; turn++) {
      const pdu = await this.link.next();
      if (pdu.kind !== 'data') return this.otherwise(pdu);
      for (const value of pdu.values) {
        if (value.contextId !== contextId || !value.command) return this.foreign('Data came that nobody asked for.');
        pieces.push(value.data);
        if (value.last) return this.statusOf(Buffer.concat(pieces));
      }
    }
    return this.foreign('The answer to C-ECHO has no end.');
  }

  private statusOf(bytes: Buffer): number | ClientSeen {
    try {
      const { field, answersTo, status } = decodeCommand(bytes);
      const ours = field === echoResponse && answersTo === messageId;
      return ours && status !== null ? status : this.foreign('The answer is not that of our C-ECHO.');
    } catch (error) {
      if (error instanceof PduFault) return this.foreign(error.message);
      throw error;
    }
  }

  private otherwise(answer: Pdu | { readonly kind: 'end'; readonly end: LinkEnd }): ClientSeen {
    switch (answer.kind) {
      case 'associate-reject':
        return failed(
          'rejected',
          rejectionDetail(answer.result, answer.source),
          rejectionWord(answer.source, answer.reason),
        );
      case 'abort':
        return failed('rejected', abortDetail(answer.source, answer.reason), 'aborted');
      case 'end':
        return this.ended(answer.end);
      default:
        return this.foreign(`The ${this.waitsFor} was answered by ${answer.kind}.`);
    }
  }

  private ended(end: LinkEnd): ClientSeen {
    if (end.kind === 'fault') return this.foreign(end.text, end.first);
    const outcome: ClientOutcome = end.kind === 'broke' ? end.outcome : 'reset';
    const half = end.kind === 'closed' && end.bytes > 0 ? `, ${end.bytes} bytes into it` : '';
    const how = end.kind === 'closed' ? 'closed' : 'broke';
    return failed(outcome, `The connection ${how} before the answer to the ${this.waitsFor}${half}.`, 'closed');
  }

  private foreign(text: string, first = ''): ClientSeen {
    this.link.send(abortPdu(0, 0));
    const like = /^HTTP\//.test(first) ? ' It speaks HTTP.' : '';
    return failed('not-understood', `${text}${like}`, 'no DICOM');
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
