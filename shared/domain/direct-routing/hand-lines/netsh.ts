import { familyOf } from '../addresses';
import { ruleTitle, type OperationInput, type WindowsOperation } from '../operations';
import { goneBefore, type HandContext } from './context';
import { netshAdapter, remarkName } from './names';
import { installRemarks, protocolNames, removeRemarks } from './remarks';

/**
 * An operation as netsh lines for cmd.exe: the guide's own where it has them [G], one setting a line. What netsh cannot
 * do is a remark that says where to click.
 */
export function netshLines(operation: WindowsOperation, context: HandContext): readonly string[] {
  switch (operation.operation) {
    case 'ensure-device':
      return [...installRemarks(context), `Name the new adapter ${context.newName}.`].map(remark);
    case 'remove-device':
      return removeRemarks(context.adapterOf(operation.input.adapter)).map(remark);
    case 'bindings':
      return bindings(operation.input, remarkName(context.adapterOf(operation.input.adapter).name)).map(remark);
    case 'interface': {
      const name = netshAdapter(context.adapterOf(operation.input.adapter));
      return operation.input.families.flatMap((ip) => interfaceLines(ip, name));
    }
    case 'dns': {
      const verb = operation.input.register ? 'check' : 'uncheck';
      return [remark(`Advanced TCP/IP settings, DNS: ${verb} “Register this connection’s addresses in DNS”.`)];
    }
    case 'addresses':
      return addressLines(operation.input, context);
    case 'lan': {
      const name = netshAdapter(context.adapterOf(operation.input.adapter));
      return operation.input.families.map((ip) => set(ip.family, name, `weakhostreceive=${onOff(ip.weakHostReceive)}`));
    }
    case 'firewall':
      return ruleLines(operation.input, context);
    default:
      return [];
  }
}

type Family = OperationInput<'interface'>['families'][number];

function interfaceLines(ip: Family, name: string): readonly string[] {
  const { family } = ip;
  return [
    set(family, name, `weakhostreceive=${onOff(ip.weakHostReceive)}`),
    set(family, name, `weakhostsend=${onOff(ip.weakHostSend)}`),
    // The guide's IPv4 list lacks this line; its PowerShell list has it [G].
    set(family, name, `dadtransmits=${ip.dadTransmits}`),
    ip.metric === null
      ? remark(`${protocolNames[family]}, Advanced: check “Automatic metric”.`)
      : set(family, name, `metric=${ip.metric}`),
    ...(ip.dhcp && family === 'IPv4' ? [`netsh interface ipv4 set address ${name} source=dhcp`] : []),
  ];
}

function set(family: 'IPv4' | 'IPv6', name: string, setting: string): string {
  return `netsh interface ${family.toLowerCase()} set interface ${name} ${setting}`;
}

function addressLines(input: OperationInput<'addresses'>, context: HandContext): readonly string[] {
  const name = netshAdapter(context.adapterOf(input.adapter));
  const remove = (address: string): string =>
    `netsh interface ${netshFamily(address)} delete address ${name} ${address}`;
  const add = (item: { address: string; prefixLength: number; skipAsSource: boolean }): string =>
    `netsh interface ${netshFamily(item.address)} add address ${name} ${item.address}/${item.prefixLength}` +
    ` skipassource=${String(item.skipAsSource)}`;
  const gone = goneBefore(input, context);
  // netsh sets the flag only when it adds: an address that lacks it goes and comes back.
  const flags = input.update.flatMap((item) => {
    const held = context.held(input.adapter, item.address);
    return held === undefined ? [] : [remove(item.address), add({ ...item, prefixLength: held.prefixLength })];
  });
  return [...gone.map(remove), ...input.add.map(add), ...flags];
}

function ruleLines(input: OperationInput<'firewall'>, context: HandContext): readonly string[] {
  const named = (name: string): string => `name="${ruleTitle(name)}"`;
  const anew = input.add.filter((rule) => context.hasRule(rule.name)).map((rule) => rule.name);
  const gone = [...new Set([...input.remove, ...anew])];
  return [
    ...gone.map((name) => `netsh advfirewall firewall delete rule ${named(name)}`),
    ...input.add.map(
      (rule) =>
        `netsh advfirewall firewall add rule ${named(rule.name)} dir=in action=allow protocol=${rule.protocol} ` +
        `localport=${rule.ports.join(',')} profile=${rule.profiles.join(',').toLowerCase()}`,
    ),
  ];
}

function bindings(input: OperationInput<'bindings'>, name: string): readonly string[] {
  const long: Readonly<Record<string, string>> = { ms_tcpip: protocolNames.IPv4, ms_tcpip6: protocolNames.IPv6 };
  const listed = (enabled: boolean): string =>
    input.set
      .filter((item) => item.enabled === enabled)
      .map((item) => long[item.component] ?? item.component)
      .join(', ');
  const items =
    input.others === 'off'
      ? `uncheck all items except ${listed(true)}`
      : `check ${listed(true) || 'nothing'}, uncheck ${listed(false) || 'nothing'}`;
  const netbios = { default: 'choose “Default”', on: 'enable', off: 'disable' };
  return [
    `Properties of “${name}”: ${items}.`,
    ...(input.netbios === null
      ? []
      : [`Advanced TCP/IP settings, WINS: NetBIOS over TCP/IP: ${netbios[input.netbios]}.`]),
  ];
}

function netshFamily(address: string): string {
  return familyOf(address) === 'IPv6' ? 'ipv6' : 'ipv4';
}

function remark(text: string): string {
  return `rem ${text}`;
}

function onOff(on: boolean): string {
  return on ? 'enabled' : 'disabled';
}
