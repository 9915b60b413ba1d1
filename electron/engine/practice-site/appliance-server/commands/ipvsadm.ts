import { servicePorts, type VirtualService } from '../../world/index';
import type { CommandImplementation } from '../shell/index';
import { firewallMark } from '../generated-files';
import type { Machine } from '../machine';

type View = 'list' | 'stats' | 'rate';

const routes = { gate: 'Route', masq: 'Masq', ipip: 'Tunnel', snat: 'Masq', proxy: 'Masq' } as const;

/** `ipvsadm -Ln`, `--stats`, `--rate`. The passive unit keeps the table ready but counts nothing [I]. */
export function ipvsadmTool(machine: Machine): [string, CommandImplementation] {
  return [
    'ipvsadm',
    async (call) => {
      const view: View = call.args.includes('--stats') ? 'stats' : call.args.includes('--rate') ? 'rate' : 'list';
      await call.out.write(table(machine, view));
      return 0;
    },
  ];
}

function table(machine: Machine, view: View): string {
  const services = machine.world.pairOf(machine.unitName).services.filter((service) => service.layer === 4);
  return [...head(view), ...services.flatMap((service) => serviceLines(machine, service, view))]
    .map((line) => `${line}\n`)
    .join('');
}

function head(view: View): string[] {
  const first = 'IP Virtual Server version 1.2.1 (size=4096)';
  if (view === 'list') {
    return [
      first,
      'Prot LocalAddress:Port Scheduler Flags',
      '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    ];
  }
  const columns =
    view === 'stats' ? 'Conns   InPkts  OutPkts  InBytes OutBytes' : 'CPS    InPPS   OutPPS    InBPS   OutBPS';
  return [first, `Prot LocalAddress:Port               ${columns}`, '  -> RemoteAddress:Port'];
}

interface Numbers {
  readonly conns: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

function serviceLines(machine: Machine, service: VirtualService, view: View): string[] {
  const { world, unitName } = machine;
  const mark = firewallMark(world.pairOf(unitName).services, service);
  const port = mark === null ? (servicePorts(service)[0] ?? 0) : 0;
  const rows = service.realServers.flatMap((real) => {
    const traffic = world.traffic(unitName, service, real);
    if (!traffic) return [];
    const numbers: Numbers =
      view === 'rate'
        ? {
            conns: Math.round(traffic.perSecond),
            inBytes: Math.round(traffic.perSecond * 5_200),
            outBytes: service.forwarding === 'gate' ? 0 : Math.round(traffic.perSecond * 19_240),
          }
        : { conns: traffic.connections, inBytes: traffic.inBytes, outBytes: traffic.outBytes };
    const target = socketAddress(real.address, real.port === '' ? port : Number(real.port));
    const weight = real.intent === 'drained' ? 0 : real.weight;
    const line =
      view === 'list'
        ? `  -> ${target.padEnd(28)} ${routes[service.forwarding].padEnd(7)} ${String(weight).padEnd(6)} ${String(traffic.active).padEnd(10)} ${String(traffic.inactive).padEnd(10)}`
        : `  -> ${target.padEnd(28)} ${counts(numbers)}`;
    return [{ line, numbers }];
  });
  if (!rows.length) {
    // No real server is left: the fallback page stands in as a destination [I].
    const target = socketAddress(service.fallbackAddress, Number(service.fallbackPort));
    const line =
      view === 'list'
        ? `  -> ${target.padEnd(28)} ${'Local'.padEnd(7)} ${'1'.padEnd(6)} ${'0'.padEnd(10)} ${'0'.padEnd(10)}`
        : `  -> ${target.padEnd(28)} ${counts({ conns: 0, inBytes: 0, outBytes: 0 })}`;
    rows.push({ line, numbers: { conns: 0, inBytes: 0, outBytes: 0 } });
  }
  const total = (key: keyof Numbers): number => rows.reduce((sum, row) => sum + row.numbers[key], 0);
  const six = service.address.includes(':');
  const persistent = service.persistent ? ` persistent ${service.persistSeconds}` : '';
  const address =
    mark === null
      ? `${service.protocol === 'udp' ? 'UDP' : 'TCP'}  ${socketAddress(service.address, port)}`
      : `FWM  ${mark}`;
  const first =
    view === 'list'
      ? `${address}${mark !== null && six ? ' IPv6' : ''} ${service.scheduler}${persistent}`
      : `${address.padEnd(33)} ${counts({ conns: total('conns'), inBytes: total('inBytes'), outBytes: total('outBytes') })}`;
  return [first, ...rows.map((row) => row.line)];
}

function counts(numbers: Numbers): string {
  const outPackets = numbers.outBytes === 0 ? 0 : Math.ceil(numbers.outBytes / 900);
  return [numbers.conns, Math.ceil(numbers.inBytes / 430), outPackets, numbers.inBytes, numbers.outBytes]
    .map((value) => largeNumber(value).padStart(8))
    .join(' ');
}

/** ipvsadm shortens what has more than eight digits. */
function largeNumber(value: number): string {
  if (value < 100_000_000) return String(value);
  if (value < 1_000_000_000) return `${Math.floor(value / 1_000)}K`;
  if (value < 100_000_000_000) return `${Math.floor(value / 1_000_000)}M`;
  return `${Math.floor(value / 1_000_000_000)}G`;
}

function socketAddress(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
