import { readAll, type CommandCall, type CommandImplementation } from '../shell/index';
import type { UnitFiles } from '../unit-files';
import type { Machine } from '../machine';

/** Shell built-ins and what an administrator asks of any Linux. */
export function systemTools(machine: Machine, files: UnitFiles): [string, CommandImplementation][] {
  const print =
    (text: (call: CommandCall) => string): CommandImplementation =>
    async (call) => {
      await call.out.write(text(call));
      return 0;
    };
  const status =
    (value: number): CommandImplementation =>
    () =>
      Promise.resolve(value);
  const upSeconds = (): number =>
    (machine.world.clock.now() - machine.world.appliance(machine.unitName).bootedAt) / 1000;
  return [
    ['echo', print(echo)],
    ['printf', print((call) => formatted(call.args))],
    ['true', status(0)],
    [':', status(0)],
    ['set', status(0)],
    ['cd', status(0)],
    ['umask', status(0)],
    ['sync', status(0)],
    ['chmod', status(0)],
    ['chown', status(0)],
    ['false', status(1)],
    ['whoami', print(() => 'root\n')],
    ['hostname', print(() => `${machine.unitName}\n`)],
    [
      'uname',
      print((call) => (call.args.includes('-a') ? `Linux ${machine.unitName} 5.14.0 x86_64 GNU/Linux\n` : 'Linux\n')),
    ],
    [
      'id',
      print((call) =>
        call.args.includes('-u')
          ? '0\n'
          : call.args.includes('-un')
            ? 'root\n'
            : 'uid=0(root) gid=0(root) groups=0(root)\n',
      ),
    ],
    ['date', print((call) => date(call.args))],
    ['uptime', print(() => ` up ${Math.floor(upSeconds() / 86_400)} days,  load average: 0.12, 0.15, 0.11\n`)],
    ['pwd', print(() => '/root\n')],
    ['basename', print((call) => `${call.args[0]?.split('/').pop() ?? ''}\n`)],
    ['test', (call) => test(call.args, files)],
    ['[', (call) => test(call.args.slice(0, -1), files)],
    ['sudo', (call) => call.shell.call(sudoWords(call.args), call)],
    [
      'env',
      (call) =>
        call.shell.call(
          call.args.filter((item) => !/^\w+=/.test(item)),
          call,
        ),
    ],
    ['nohup', (call) => call.shell.call(call.args, call)],
    ['timeout', (call) => call.shell.call(call.args.filter((item) => !item.startsWith('-')).slice(1), call)],
    ['sh', (call) => subShell(call)],
    ['bash', (call) => subShell(call)],
    [
      'sleep',
      async (call) => {
        await machine.clock.wait(Number.parseFloat(call.args[0] ?? '0') || 0, call.signal);
        return 0;
      },
    ],
    ['command', (call) => which(call, call.args.at(-1) ?? '')],
    ['which', (call) => which(call, call.args.at(-1) ?? '')],
    [
      'ip',
      print(() => {
        const unit = machine.world.appliance(machine.unitName);
        const floats = unit.ha === 'active' ? machine.world.pairOf(unit.name).floatingAddresses : [];
        const line = (item: string, more: string): string =>
          `    ${item.includes(':') ? 'inet6' : 'inet'} ${item}/${item.includes(':') ? 64 : 24} scope global ${more}eth0\n`;
        return (
          `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP\n    link/ether ${unit.mac} brd ff:ff:ff:ff:ff:ff\n` +
          line(unit.address, '') +
          floats.map((item) => line(item, 'secondary ')).join('')
        );
      }),
    ],
    [
      'reboot',
      () => {
        machine.restart();
        return Promise.resolve(0);
      },
    ],
  ];
}

function echo(call: CommandCall): string {
  const bare = call.args[0] === '-n';
  const escapes = call.args[0] === '-e';
  const text = call.args.slice(bare || escapes ? 1 : 0).join(' ');
  return (escapes ? unescaped(text) : text) + (bare ? '' : '\n');
}

/** The format is used again until the arguments are used up, as POSIX has it. */
function formatted(args: readonly string[]): string {
  const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
  let result = '';
  let at = 0;
  do {
    result += unescaped(format).replace(/%(-?\d*)([sdqb%])/g, (_, width: string, kind: string) => {
      if (kind === '%') return '%';
      const value = values[at++] ?? (kind === 'd' ? '0' : '');
      const size = Math.abs(Number(width || 0));
      const shown = kind === 'b' ? unescaped(value) : value;
      return width.startsWith('-') ? shown.padEnd(size) : shown.padStart(size);
    });
  } while (at > 0 && at < values.length);
  return result;
}

function unescaped(text: string): string {
  const known: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', a: '\x07', '0': '\0', '"': '"' };
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{3}|.)/g, (whole: string, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]{3,4}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return known[code] ?? whole;
  });
}

function date(args: readonly string[]): string {
  const now = new Date();
  const format = args.find((item) => item.startsWith('+'))?.slice(1);
  const iso = now.toISOString();
  if (format === undefined) return `${now.toUTCString().replace('GMT', 'UTC')}\n`;
  const values: Record<string, string> = {
    s: String(Math.floor(now.getTime() / 1000)),
    N: String((now.getTime() % 1000) * 1_000_000).padStart(9, '0'),
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    z: '+0000',
    Z: 'UTC',
  };
  return `${format.replace(/%3N/g, iso.slice(20, 23)).replace(/%([sNYmdHMSFTzZ])/g, (_, key: string) => values[key] ?? '')}\n`;
}

async function test(args: readonly string[], files: UnitFiles): Promise<number> {
  if (args[0] === '!') return Number((await test(args.slice(1), files)) === 0);
  const [first = '', second = '', third = ''] = args;
  const truth = async (): Promise<boolean> => {
    if (args.length === 3) {
      if (second === '=' || second === '==') return first === third;
      if (second === '!=') return first !== third;
      const numbers: Record<string, boolean> = {
        '-eq': Number(first) === Number(third),
        '-ne': Number(first) !== Number(third),
        '-gt': Number(first) > Number(third),
        '-ge': Number(first) >= Number(third),
        '-lt': Number(first) < Number(third),
        '-le': Number(first) <= Number(third),
      };
      return numbers[second] ?? false;
    }
    if (args.length < 2) return first !== '';
    if (first === '-n') return second !== '';
    if (first === '-z') return second === '';
    const facts = await files.facts(second).catch(() => null);
    if (first === '-d') return facts?.kind === 'folder';
    if (first === '-f') return facts?.kind === 'file';
    if (first === '-s') return (facts?.size ?? 0) > 0;
    return facts !== null;
  };
  return (await truth()) ? 0 : 1;
}

function sudoWords(args: readonly string[]): string[] {
  const start = args.findIndex((item) => !item.startsWith('-'));
  return start < 0 ? [] : args.slice(start);
}

async function subShell(call: CommandCall): Promise<number> {
  const at = call.args.findIndex((item) => /^-\w*c$/.test(item));
  const line = at < 0 ? await readAll(call.stdin) : (call.args[at + 1] ?? '');
  return call.shell.run(line, call);
}

async function which(call: CommandCall, name: string): Promise<number> {
  const base = name.split('/').pop() ?? name;
  if (!call.shell.has(base)) return 1;
  await call.out.write(`${base === 'lbcli' ? '/usr/local/sbin/lbcli' : `/usr/bin/${base}`}\n`);
  return 0;
}
