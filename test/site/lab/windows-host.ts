/**
 * A Windows server of the lab: the practice WinRM endpoint in a process inside the server's namespace. Every change of
 * its state is carried out on the namespace before the script that made it says that it is done. Its clock and what it
 * has planned for later live here, so that they go on when nobody reaches it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PracticeClock } from '#engine/practice-site/clock';
import { createWindowsExecutor } from '#engine/practice-site/windows-model/index';
import { startWinrmServer } from '#engine/practice-site/winrm-server/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { ipChanges, networkOf, type ServerNetwork } from './server-network';
import type { FromWindowsHost, ToWindowsHost, WindowsHostOrders } from './windows-host-messages';

const orders = JSON.parse(process.argv[2] ?? '') as WindowsHostOrders;
const password = process.env['EVENKEEL_LAB_PASSWORD'] ?? '';
const clock = new PracticeClock(orders.speed);
const tell = (message: FromWindowsHost): void => void process.send?.(message);

let { state } = orders;
/** The address that the segment gave it is there already. */
let carriedOut: ServerNetwork | null = {
  loopback: false,
  addresses: [{ device: 'eth0', address: networkOf(state).addresses[0]?.address ?? '', prefixLength: 24 }],
  onLinkLost: [],
  rules: '',
};

function setState(next: WindowsNetworkState): void {
  const network = networkOf(next);
  const changes = ipChanges(carriedOut, network);
  const rulesStand = carriedOut?.rules === network.rules;
  const options = { timeout: 10_000, stdio: ['pipe', 'ignore', 'inherit'] as ('pipe' | 'ignore' | 'inherit')[] };
  if (changes.length > 0) execFileSync('ip', ['-batch', '-'], { ...options, input: `${changes.join('\n')}\n` });
  if (!rulesStand) execFileSync('nft', ['-f', '-'], { ...options, input: network.rules });
  carriedOut = network;
  state = next;
}

// As Windows has it: one interface never answers for what stands on another.
execFileSync('sysctl', ['-qw', 'net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2']);
setState(state);

const executor = createWindowsExecutor({
  read: () => ({ ...state, readAt: Date.now() }),
  write: setState,
  clock,
  faults: () => ({}),
});
await startWinrmServer({
  host: '0.0.0.0',
  http: { port: 5985 },
  https: {
    port: 5986,
    key: readFileSync(orders.keyFile, 'utf8'),
    cert: readFileSync(orders.certificateFile, 'utf8'),
  },
  accounts: [{ username: orders.username, password, domain: '' }],
  computerName: orders.computerName,
  execute: (request) =>
    executor.execute({ ...request, stdin: request.stdin.toString('utf8'), user: request.user.username }),
});

process.on('message', (message) => {
  const order = message as ToWindowsHost;
  if (order.t === 'set') setState(order.state);
  tell({ t: 'state', id: order.id, state });
});
process.once('disconnect', () => process.exit(0));
tell({ t: 'ready' });
