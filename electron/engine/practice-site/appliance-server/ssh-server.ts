import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
// Node finds only some of this package's names, so the whole is imported.
import ssh2, { type AuthContext, type Connection, type Server, type ServerChannel, type Session } from 'ssh2';
import { shellOf } from './commands/index';
import type { Machine } from './machine';
import { serveSftp } from './sftp';
import type { Shell, Sink } from './shell/index';

/** The SSH server of a unit. It takes sockets from its gate, and listens on a port of its own for passed-on links. */
export class SshServer {
  private readonly server: Server;
  private readonly connections = new Set<Connection>();

  constructor(
    private readonly machine: Machine,
    hostKey: string,
  ) {
    this.server = new ssh2.Server({ hostKeys: [hostKey], ident: 'OpenSSH_8.7' }, (client) => this.welcome(client));
  }

  async start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => {
        const address = this.server.address();
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('The SSH server has no port'));
      });
    });
  }

  take(socket: Socket): void {
    this.server.injectSocket(socket);
  }

  async stop(): Promise<void> {
    for (const client of this.connections) client.end();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private welcome(client: Connection): void {
    this.connections.add(client);
    const ended = new AbortController();
    client.on('close', () => {
      this.connections.delete(client);
      ended.abort();
    });
    // A client that goes away in the middle is part of practice.
    client.on('error', () => ended.abort());
    client.on('authentication', (context) => this.authenticate(context));
    client.on('session', (accept) => this.serve(accept(), AbortSignal.any([ended.signal, this.machine.signal])));
  }

  private authenticate(context: AuthContext): void {
    const { machine } = this;
    const refused = machine.faults.find('wrong-credentials') !== null;
    const { username, password } = machine.logins.ssh;
    if (!refused && context.username === username) {
      if (context.method === 'password' && context.password === password) {
        context.accept();
        return;
      }
      if (context.method === 'publickey' && this.knowsKey(context)) {
        context.accept();
        return;
      }
    }
    context.reject(['publickey', 'password']);
  }

  private knowsKey(context: Extract<AuthContext, { method: 'publickey' }>): boolean {
    const known = this.machine.world.appliance(this.machine.unitName).authorizedKeys;
    return known.some((line) => {
      const key = ssh2.utils.parseKey(line);
      if (key instanceof Error || !key.getPublicSSH().equals(context.key.data)) return false;
      if (!context.signature || !context.blob) return true;
      // Gives an error as a value when the signature is malformed, whatever its type says.
      const verified: unknown = key.verify(context.blob, context.signature, context.hashAlgo);
      return verified === true;
    });
  }

  private serve(session: Session, signal: AbortSignal): void {
    const { machine } = this;
    session.on('pty', (accept: (() => void) | undefined) => accept?.());
    session.on('env', (accept: (() => void) | undefined) => accept?.());
    session.on('exec', (accept, _reject, info) => {
      void this.run(accept(), signal, (shell, stream, err) =>
        shell.run(info.command, { stdin: stream, out: sink(stream), err }),
      );
    });
    session.on('shell', (accept) => {
      void this.run(accept(), signal, (shell, stream, err) => interactive(shell, stream, err));
    });
    session.on('sftp', (accept) => serveSftp(accept(), machine));
  }

  private async run(
    stream: ServerChannel,
    signal: AbortSignal,
    work: (shell: Shell, stream: ServerChannel, err: Sink) => Promise<number>,
  ): Promise<void> {
    const gone = new AbortController();
    stream.on('close', () => gone.abort());
    stream.on('error', () => gone.abort());
    const ended = AbortSignal.any([signal, gone.signal]);
    try {
      const delay = this.machine.faults.find('delay')?.milliseconds;
      if (delay !== undefined) await sleep(delay, undefined, { signal: ended });
      const status = await work(shellOf(this.machine, ended), stream, sink(stream.stderr));
      stream.exit(status);
      stream.end();
    } catch (error) {
      if (ended.aborted) return;
      stream.stderr.write(`practice site: ${error instanceof Error ? error.message : 'failed'}\n`);
      stream.exit(254);
      stream.end();
    }
  }
}

/** Runs each line as it comes. */
async function interactive(shell: Shell, stream: ServerChannel, err: Sink): Promise<number> {
  let status = 0;
  let pending = '';
  for await (const chunk of stream) {
    pending += String(chunk).replace(/\r/g, '\n');
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      if (line.trim() === 'exit') return status;
      status = await shell.run(line, { stdin: stream, out: sink(stream), err });
    }
  }
  return status;
}

function sink(stream: NodeJS.WritableStream): Sink {
  return {
    write: async (chunk) => {
      if (stream.write(chunk)) return;
      await new Promise<void>((resolve) => {
        stream.once('drain', resolve);
        stream.once('close', resolve);
      });
    },
  };
}
