import { Duplex } from 'node:stream';
import { NtlmAcceptor } from '#engine/practice-site/winrm-server/index';
import { wire } from '#engine/windows/winrm/index';

const { Action, Namespace } = wire;

export const ACCOUNT = { username: 'u', password: 'hidden-Password', domain: '' } as const;
export const OUTPUT = 'hello ✓ \u{1F600} '.repeat(20);

/** One answer before it is put into HTTP: what a fuzzer may want to change at each of its layers. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  /** The NTLM challenge, the SOAP text or nothing. */
  readonly content: Buffer;
  readonly kind: 'challenge' | 'empty' | 'soap';
  /** Puts content into the body; seals it where the connection is encrypted. */
  readonly seal: (content: Buffer) => Buffer;
}

/** What the host does with the connection after an answer. */
export type Then = 'go-on' | 'end' | 'cut' | 'silence';

export type Answering = (answer: Answer) => {
  readonly pieces: readonly Buffer[];
  readonly then: Then;
};

/** The answer as the bytes of a reply. */
export function asHttp(answer: Answer, content = answer.content): Buffer {
  const body = answer.kind === 'challenge' ? Buffer.alloc(0) : answer.seal(content);
  const token = answer.kind === 'challenge' ? [`WWW-Authenticate: Negotiate ${content.toString('base64')}`] : [];
  return httpOf(answer, token, body);
}

/** The same with a body that was sealed already. */
export function httpOf(answer: Answer, more: readonly string[], body: Buffer): Buffer {
  const lines = [...answer.headers, ...more, `Content-Length: ${String(body.length)}`];
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${String(answer.status)} X\r\n${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** One connection to a host that answers as it should, unless `answering` makes something else of an answer. */
export class ScriptedHost extends Duplex {
  readonly #answering: Answering;
  readonly #encrypts: boolean;
  #pending: Buffer = Buffer.alloc(0);
  #acceptor: NtlmAcceptor | undefined;
  #session: wire.ntlm.NtlmSession | undefined;
  #silent = false;

  constructor(answering: Answering, encrypts: boolean) {
    super({ allowHalfOpen: true });
    this.#answering = answering;
    this.#encrypts = encrypts;
  }

  override _read(): void {
    // Replies are pushed when a request has come.
  }

  override _write(data: Buffer, _encoding: string, done: () => void): void {
    this.#pending = Buffer.concat([this.#pending, data]);
    const head = this.#pending.indexOf('\r\n\r\n');
    if (head >= 0) {
      const text = this.#pending.subarray(0, head).toString('latin1');
      const end = head + 4 + Number(/Content-Length: (\d+)/.exec(text)?.[1] ?? 0);
      if (this.#pending.length >= end) {
        const body = this.#pending.subarray(head + 4, end);
        this.#pending = this.#pending.subarray(end);
        this.#reply(this.#answer(text, body));
      }
    }
    done();
  }

  #reply(answer: Answer): void {
    if (this.#silent) return;
    const { pieces, then } = this.#answering(answer);
    for (const piece of pieces) this.push(piece);
    if (then === 'end') this.push(null);
    if (then === 'cut') this.destroy();
    this.#silent = then === 'silence';
  }

  #answer(head: string, body: Buffer): Answer {
    const token = /Authorization: Negotiate (\S+)/.exec(head)?.[1];
    const none: Answer = { status: 200, headers: [], content: Buffer.alloc(0), kind: 'empty', seal: (same) => same };
    if (token !== undefined) return this.#login(Buffer.from(token, 'base64'), none);
    const plain = this.#session ? wire.decryptMessage(this.#session, body) : body;
    const session = this.#session;
    const sealed = this.#encrypts && session !== undefined;
    return {
      ...none,
      headers: [`Content-Type: ${sealed ? wire.ENCRYPTED_CONTENT_TYPE : wire.SOAP_CONTENT_TYPE}`],
      content: Buffer.from(soapAnswer(plain.toString('utf8'))),
      kind: 'soap',
      seal: (content) => (sealed ? wire.encryptMessage(session, content) : content),
    };
  }

  #login(message: Buffer, none: Answer): Answer {
    if (message.readUInt32LE(8) === 1) {
      this.#acceptor = new NtlmAcceptor({
        computerName: 'RS1',
        accounts: [ACCOUNT],
        channelBinding: undefined,
        strict: false,
      });
      return { ...none, status: 401, content: this.#acceptor.challenge(message), kind: 'challenge' };
    }
    const session = this.#acceptor?.accept(message)?.session;
    if (this.#encrypts) this.#session = session;
    return session ? none : { ...none, status: 401, headers: ['WWW-Authenticate: Negotiate'] };
  }
}

function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before);
  return start < 0 ? '' : text.slice(start + before.length, text.indexOf(after, start + before.length));
}

function soapAnswer(request: string): string {
  const id = between(request, '<a:MessageID>', '</a:MessageID>');
  const action = between(request, '<a:Action s:mustUnderstand="true">', '</a:Action>');
  return (
    `<s:Envelope xmlns:s="${Namespace.soap}" xmlns:a="${Namespace.addressing}" xmlns:rsp="${Namespace.shell}">` +
    `<s:Header><a:Action>${action}Response</a:Action><a:RelatesTo>${id}</a:RelatesTo></s:Header>` +
    `<s:Body>${bodyOf(action)}</s:Body></s:Envelope>`
  );
}

function bodyOf(action: string): string {
  const stream = (name: string, text: string): string =>
    `<rsp:Stream Name="${name}" CommandId="C-1">${Buffer.from(text).toString('base64')}</rsp:Stream>`;
  switch (action) {
    case Action.create:
      return '<rsp:Shell><rsp:ShellId>S-1</rsp:ShellId></rsp:Shell>';
    case Action.command:
      return '<rsp:CommandResponse><rsp:CommandId>C-1</rsp:CommandId></rsp:CommandResponse>';
    case Action.receive:
      return (
        `<rsp:ReceiveResponse>${stream('stdout', OUTPUT)}${stream('stderr', '#< CLIXML\r\n<Objs><S S="Error">e_x000A_</S></Objs>')}` +
        `<rsp:CommandState CommandId="C-1" State="${wire.COMMAND_STATE_DONE}"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>`
      );
    default:
      return '';
  }
}
