import { loopbackName, type PhaseOperations } from './fix-operations';
import { familyOf } from './addresses';
import type { Difference } from './difference';
import { ruleTitle, type AdapterRef, type OperationInput, type WindowsOperation } from './operations';

export interface HandLines {
  readonly netsh: string;
  readonly powershell: string;
}

/**
 * The same fix as lines to type at the server, in the guide's two ways (section 6.2.1), with the real names. The guide's
 * IPv4 netsh lines lack `dadtransmits=0`; its PowerShell lines have it, so both have it here.
 */
export function handLines(parts: readonly PhaseOperations[], difference: Difference): HandLines {
  const operations = parts.flatMap((part) => part.operations);
  const name = (ref: AdapterRef): string => nameOf(ref, difference);
  if (operations.length === 0) {
    return { netsh: 'rem Nothing to change.', powershell: '# Nothing to change.' };
  }
  return {
    netsh: operations.flatMap((operation) => netsh(operation, name)).join('\n'),
    powershell: operations.flatMap((operation) => powershell(operation, name)).join('\n'),
  };
}

function nameOf(ref: AdapterRef, difference: Difference): string {
  if (ref.hardwareId !== null) return difference.loopback?.name ?? loopbackName;
  return difference.lans.find((adapter) => adapter.deviceId === ref.deviceId)?.name ?? 'net';
}

type NameOf = (ref: AdapterRef) => string;

const installLines = [
  'Run hdwwiz: add legacy hardware, Network adapters, Microsoft, Microsoft KM-TEST Loopback Adapter.',
  `Name the new adapter ${loopbackName}.`,
];

function netsh(operation: WindowsOperation, nameOf: NameOf): readonly string[] {
  switch (operation.operation) {
    case 'ensure-device':
      return installLines.map((line) => `rem ${line}`);
    case 'bindings':
      return [
        `rem Properties of ${quoted(nameOf(operation.input.adapter))}: uncheck all items except ${kept(operation.input)}.`,
        'rem Advanced TCP/IP settings, WINS: disable NetBIOS over TCP/IP.',
      ];
    case 'interface':
      return operation.input.families.map(
        (ip) =>
          `netsh interface ${ip.family.toLowerCase()} set interface ${quoted(nameOf(operation.input.adapter))} ` +
          `weakhostreceive=${enabled(ip.weakHostReceive)} weakhostsend=${enabled(ip.weakHostSend)} ` +
          `dadtransmits=${ip.dadTransmits} metric=${ip.metric ?? 'automatic'}`,
      );
    case 'dns':
      return [`rem Advanced TCP/IP settings, DNS: uncheck "Register this connection's addresses in DNS".`];
    case 'addresses':
      return netshAddresses(operation.input, quoted(nameOf(operation.input.adapter)));
    case 'lan':
      return operation.input.families.map(
        (ip) =>
          `netsh interface ${ip.family.toLowerCase()} set interface ${quoted(nameOf(operation.input.adapter))} ` +
          `weakhostreceive=${enabled(ip.weakHostReceive)}`,
      );
    case 'firewall':
      return netshRules(operation.input);
    case 'read-state':
    case 'snapshot':
    case 'remove-device':
    case 'dead-man-arm':
    case 'dead-man-confirm':
    case 'dead-man-read':
    case 'dead-man-fire':
      return [];
  }
}

function netshRules(input: OperationInput<'firewall'>): readonly string[] {
  return [
    ...input.remove.map((name) => `netsh advfirewall firewall delete rule name=${quoted(ruleTitle(name))}`),
    ...input.add.map(
      (rule) =>
        `netsh advfirewall firewall add rule name=${quoted(ruleTitle(rule.name))} dir=in action=allow ` +
        `protocol=${rule.protocol} localport=${rule.ports.join(',')} profile=${rule.profiles.join(',').toLowerCase()}`,
    ),
  ];
}

function netshAddresses(input: OperationInput<'addresses'>, name: string): readonly string[] {
  const of = (address: string): string => (familyOf(address) === 'IPv6' ? 'ipv6' : 'ipv4');
  return [
    ...input.remove.map((address) => `netsh interface ${of(address)} delete address ${name} ${address}`),
    ...input.add.map((item) => {
      const length = `${item.address}/${item.prefixLength}`;
      return `netsh interface ${of(item.address)} add address ${name} ${length} skipassource=true`;
    }),
    ...input.update.map(
      (item) => `netsh interface ${of(item.address)} set address ${name} ${item.address} skipassource=true`,
    ),
  ];
}

function powershell(operation: WindowsOperation, nameOf: NameOf): readonly string[] {
  switch (operation.operation) {
    case 'ensure-device':
      return installLines.map((line) => `# ${line}`);
    case 'bindings': {
      const name = single(nameOf(operation.input.adapter));
      const components = operation.input.set.map((item) => single(item.component)).join(', ');
      return [
        `Get-NetAdapterBinding -Name ${name} | Where-Object { $_.ComponentID -notin ${components} } | Disable-NetAdapterBinding`,
        ...operation.input.set.map(
          (item) => `Enable-NetAdapterBinding -Name ${name} -ComponentID ${single(item.component)}`,
        ),
        `Get-CimInstance Win32_NetworkAdapterConfiguration -Filter "InterfaceIndex = $((Get-NetAdapter -Name ${name}).ifIndex)" | Invoke-CimMethod -MethodName SetTcpipNetbios -Arguments @{ TcpipNetbiosOptions = [uint32] 2 }`,
      ];
    }
    case 'interface':
      return operation.input.families.map(
        (ip) =>
          `Set-NetIPInterface -InterfaceAlias ${single(nameOf(operation.input.adapter))} -AddressFamily ${ip.family} ` +
          `-WeakHostReceive ${capital(ip.weakHostReceive)} -WeakHostSend ${capital(ip.weakHostSend)} ` +
          `-DadTransmits ${ip.dadTransmits} -Dhcp ${capital(ip.dhcp)}` +
          (ip.metric === null ? ' -AutomaticMetric Enabled' : ` -InterfaceMetric ${ip.metric}`),
      );
    case 'dns':
      return [
        `Set-DnsClient -InterfaceAlias ${single(nameOf(operation.input.adapter))} -RegisterThisConnectionsAddress $false`,
      ];
    case 'addresses':
      return powershellAddresses(operation.input, single(nameOf(operation.input.adapter)));
    case 'lan':
      return operation.input.families.map(
        (ip) =>
          `Set-NetIPInterface -InterfaceAlias ${single(nameOf(operation.input.adapter))} -AddressFamily ${ip.family} ` +
          `-WeakHostReceive ${capital(ip.weakHostReceive)}`,
      );
    case 'firewall':
      return powershellRules(operation.input);
    case 'read-state':
    case 'snapshot':
    case 'remove-device':
    case 'dead-man-arm':
    case 'dead-man-confirm':
    case 'dead-man-read':
    case 'dead-man-fire':
      return [];
  }
}

function powershellRules(input: OperationInput<'firewall'>): readonly string[] {
  return [
    ...input.remove.map((name) => `Remove-NetFirewallRule -DisplayName ${single(ruleTitle(name))}`),
    ...input.add.map(
      (rule) =>
        `New-NetFirewallRule -DisplayName ${single(ruleTitle(rule.name))} -Direction Inbound -Action Allow ` +
        `-Protocol ${rule.protocol} -LocalPort ${rule.ports.map(single).join(', ')} -Profile ${rule.profiles.join(', ')}`,
    ),
  ];
}

function powershellAddresses(input: OperationInput<'addresses'>, name: string): readonly string[] {
  return [
    ...input.remove.map(
      (address) => `Remove-NetIPAddress -InterfaceAlias ${name} -IPAddress ${single(address)} -Confirm:$false`,
    ),
    ...input.add.map(
      (item) =>
        `New-NetIPAddress -InterfaceAlias ${name} -IPAddress ${single(item.address)} ` +
        `-PrefixLength ${item.prefixLength} -SkipAsSource $true`,
    ),
    ...input.update.map(
      (item) => `Set-NetIPAddress -InterfaceAlias ${name} -IPAddress ${single(item.address)} -SkipAsSource $true`,
    ),
  ];
}

function kept(input: OperationInput<'bindings'>): string {
  const long: Readonly<Record<string, string>> = {
    ms_tcpip: 'Internet Protocol Version 4',
    ms_tcpip6: 'Internet Protocol Version 6',
  };
  return input.set.map((item) => long[item.component] ?? item.component).join(' and ');
}

/** Windows allows no double quote in the name of a connection; should one come along it is left out. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '')}"`;
}

function single(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, (quote) => quote + quote)}'`;
}

function enabled(on: boolean): string {
  return on ? 'enabled' : 'disabled';
}

function capital(on: boolean): string {
  return on ? 'Enabled' : 'Disabled';
}
