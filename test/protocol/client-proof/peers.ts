import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Peers that nobody here wrote, and peers that mean ill; each on a free port of the loopback. */

export interface Peer {
  readonly port: number;
  close(): Promise<void>;
}

/** ` (skipped: …)` where a program is missing, for the title; else empty. */
export function missing(path: string, debianPackage: string): string {
  return existsSync(path) ? '' : ` (skipped: ${path} of the Debian package ${debianPackage} is not there)`;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(server: Server): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address() as AddressInfo;
}

/** A server that does with each connection what the test says. */
export async function peerThat(act: (socket: Socket) => void): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    act(socket);
  });
  const { port } = await listening(server);
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (child.exitCode !== null) throw new Error(`The peer ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`Nothing listens on ${port}`);
}

async function started(port: number, folder: string, command: string, args: readonly string[]): Promise<Peer> {
  const child = spawn(command, args, { cwd: folder, stdio: 'ignore' });
  const over = new Promise((resolve) => child.once('exit', resolve));
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await over;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilOpen(port, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { port, close };
}

const folderFor = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `evenkeel-${name}-`));

export async function storescp(...options: readonly string[]): Promise<Peer> {
  const port = await freePort();
  return started(port, await folderFor('storescp'), '/usr/bin/storescp', [...options, String(port)]);
}

export interface Orthanc extends Peer {
  readonly httpPort: number;
}

/** Orthanc that takes only its own title, `HOSPITAL`. */
export async function orthanc(): Promise<Orthanc> {
  const folder = await folderFor('orthanc');
  const [port, httpPort] = [await freePort(), await freePort()];
  const configuration = {
    ...{ Name: 'Test', StorageDirectory: folder, IndexDirectory: folder, Plugins: [], RemoteAccessAllowed: false },
    ...{ HttpPort: httpPort, DicomServerEnabled: true, DicomPort: port, DicomAet: 'HOSPITAL' },
    ...{ DicomCheckCalledAet: true, DicomAlwaysAllowEcho: true, DicomModalities: {} },
  };
  await writeFile(join(folder, 'orthanc.json'), JSON.stringify(configuration));
  const peer = await started(port, folder, '/usr/sbin/Orthanc', [join(folder, 'orthanc.json')]);
  return { ...peer, httpPort };
}
