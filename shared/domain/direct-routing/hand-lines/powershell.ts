import { loopbackHardwareId, ruleTitle, type OperationInput, type WindowsOperation } from '../operations';
import { goneBefore, type HandContext } from './context';
import { powershellAdapter, powershellBinding, powershellText, type HandAdapter } from './names';
import { installRemarks, removeRemarks } from './remarks';

/** An operation as PowerShell lines: the guide's own where it has them [G]. */
export function powershellLines(operation: WindowsOperation, context: HandContext): readonly string[] {
  switch (operation.operation) {
    case 'ensure-device':
      return [
        ...installRemarks(context).map(remark),
        `Get-NetAdapter -IncludeHidden | Where-Object { $_.ComponentID -eq '${loopbackHardwareId}' } | ` +
          `Rename-NetAdapter -NewName ${powershellText(context.newName)}`,
      ];
    case 'remove-device':
      return removeRemarks(context.adapterOf(operation.input.adapter)).map(remark);
    case 'bindings':
      return bindings(operation.input, context.adapterOf(operation.input.adapter));
    case 'interface': {
      const name = powershellAdapter(context.adapterOf(operation.input.adapter));
      return operation.input.families.flatMap((ip) => interfaceLines(ip, name));
    }
    case 'dns': {
      const name = powershellAdapter(context.adapterOf(operation.input.adapter));
      return [`Set-DnsClient ${name} -RegisterThisConnectionsAddress $${String(operation.input.register)}`];
    }
    case 'addresses':
      return addressLines(operation.input, context);
    case 'lan': {
      const name = powershellAdapter(context.adapterOf(operation.input.adapter));
      return operation.input.families.map(
        (ip) => `Set-NetIpInterface ${name} -WeakHostReceive ${onOff(ip.weakHostReceive)} -AddressFamily ${ip.family}`,
      );
    }
    case 'firewall':
      return ruleLines(operation.input, context);
    default:
      return [];
  }
}

/**
 * NetBIOS, apart because it comes last: Windows refuses it while the adapter has no address [D]. The same setting by
 * the registry would wait for a restart.
 */
export function netbiosLines(operation: WindowsOperation, context: HandContext): readonly string[] {
  if (operation.operation !== 'bindings' || operation.input.netbios === null) return [];
  return [netbiosLine(context.adapterOf(operation.input.adapter), operation.input.netbios)];
}

type Family = OperationInput<'interface'>['families'][number];

function interfaceLines(ip: Family, name: string): readonly string[] {
  const metric = ip.metric === null ? '-AutomaticMetric enabled' : `-InterfaceMetric ${ip.metric}`;
  return [
    `Set-NetIpInterface ${name} -WeakHostReceive ${onOff(ip.weakHostReceive)} ` +
      `-WeakHostSend ${onOff(ip.weakHostSend)} -DadTransmits ${ip.dadTransmits} -AddressFamily ${ip.family}`,
    `Set-NetIpInterface ${name} -Dhcp ${onOff(ip.dhcp)} ${metric} -AddressFamily ${ip.family}`,
  ];
}

function addressLines(input: OperationInput<'addresses'>, context: HandContext): readonly string[] {
  const name = powershellAdapter(context.adapterOf(input.adapter));
  const gone = goneBefore(input, context);
  return [
    ...gone.map((address) => `Remove-NetIPAddress ${name} -IPAddress ${powershellText(address)} -Confirm:$false`),
    ...input.add.map(
      (item) =>
        `New-NetIPAddress ${name} -IPAddress ${powershellText(item.address)} ` +
        `-PrefixLength ${item.prefixLength} -SkipAsSource $${String(item.skipAsSource)}`,
    ),
    ...input.update.map(
      (item) =>
        `Set-NetIPAddress ${name} -IPAddress ${powershellText(item.address)} ` +
        `-SkipAsSource $${String(item.skipAsSource)}`,
    ),
  ];
}

/** Named as the program names its own, so that it knows them again. */
function ruleLines(input: OperationInput<'firewall'>, context: HandContext): readonly string[] {
  const named = (name: string): string => `-Name ${powershellText(`Evenkeel-${name}`)}`;
  const anew = input.add.filter((rule) => context.hasRule(rule.name)).map((rule) => rule.name);
  return [
    ...[...new Set([...input.remove, ...anew])].map((name) => `Remove-NetFirewallRule ${named(name)}`),
    ...input.add.map(
      (rule) =>
        `New-NetFirewallRule ${named(rule.name)} -DisplayName ${powershellText(ruleTitle(rule.name))} -Group Evenkeel ` +
        `-Direction Inbound -Action Allow -Protocol ${rule.protocol} -LocalPort ${rule.ports.join(', ')} ` +
        `-Profile ${rule.profiles.join(', ')}`,
    ),
  ];
}

function bindings(input: OperationInput<'bindings'>, adapter: HandAdapter): readonly string[] {
  const name = powershellBinding(adapter);
  const listed = (enabled: boolean): string =>
    input.set
      .filter((item) => item.enabled === enabled)
      .map((item) => powershellText(item.component))
      .join(', ');
  const on = listed(true);
  const off = listed(false);
  const others = `Get-NetAdapterBinding ${name} | Where-Object { $_.ComponentID -notin @(${on}) } | Disable-NetAdapterBinding`;
  return [
    ...(input.others === 'off' ? [others] : []),
    ...(off === '' ? [] : [`Disable-NetAdapterBinding ${name} -ComponentID ${off}`]),
    ...(on === '' ? [] : [`Enable-NetAdapterBinding ${name} -ComponentID ${on}`]),
  ];
}

function netbiosLine(adapter: HandAdapter, netbios: 'default' | 'on' | 'off'): string {
  const value = { default: 0, on: 1, off: 2 }[netbios];
  const index = adapter.index ?? `$((Get-NetAdapter ${powershellBinding(adapter)}).ifIndex)`;
  return (
    `Get-CimInstance -ClassName Win32_NetworkAdapterConfiguration -Filter "InterfaceIndex = ${index}" | ` +
    `Invoke-CimMethod -MethodName SetTcpipNetbios -Arguments @{ TcpipNetbiosOptions = [uint32] ${value} }`
  );
}

function remark(text: string): string {
  return `# ${text}`;
}

function onOff(on: boolean): string {
  return on ? 'enabled' : 'disabled';
}
