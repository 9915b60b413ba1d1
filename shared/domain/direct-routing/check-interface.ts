import type { IpInterface, NetworkAdapter } from '../windows/network-state';
import { componentOf, interfaceOf, isBound } from './adapters';
import { check, type Check } from './checks';
import type { Family } from './operations';
import type { ServerTarget } from './target';

/** The loopback interface as Direct Routing needs it. */
export const wantedInterface: IpInterface = {
  weakHostReceive: true,
  weakHostSend: true,
  dadTransmits: 0,
  dhcp: false,
  metric: 254,
};

export function interfaceChecks(target: ServerTarget, loopback: NetworkAdapter | null): readonly Check[] {
  return target.families.flatMap((family) =>
    protocolOff(loopback, family)
      ? [protocolCheck(family)]
      : familyChecks(family, loopback === null ? null : interfaceOf(loopback, family), target.families.length > 1),
  );
}

/** Bound, or not there to be bound, yet without an interface: Windows has the protocol switched off as a whole [D]. */
function protocolOff(loopback: NetworkAdapter | null, family: Family): boolean {
  if (loopback?.status !== 'up' || interfaceOf(loopback, family) !== null) return false;
  const component = componentOf(family);
  return isBound(loopback, component) || !loopback.bindings.some((binding) => binding.component === component);
}

function protocolCheck(family: Family): Check {
  return check(`Loopback ${family}`, { before: 'no interface', after: 'an interface' }, 'protocol-off', 'stop');
}

function familyChecks(family: Family, ip: IpInterface | null, several: boolean): readonly Check[] {
  const suffix = several ? `, ${family}` : '';
  const weak = `Loopback weak host${suffix}`;
  const other = `Loopback DAD, metric${suffix}`;
  const dhcp = `Loopback DHCP${suffix}`;
  const onOff = (on: boolean): string => (on ? 'on' : 'off');
  return [
    check(
      weak,
      { before: ip === null ? 'not set' : `receive ${onOff(ip.weakHostReceive)}`, after: 'receive on' },
      ip?.weakHostReceive === true ? null : 'weak-host-receive-loopback',
    ),
    check(
      weak,
      { before: ip === null ? 'not set' : `send ${onOff(ip.weakHostSend)}`, after: 'send on' },
      ip?.weakHostSend === true ? null : 'weak-host-send-loopback',
    ),
    check(
      other,
      { before: ip === null ? 'not set' : String(ip.dadTransmits), after: '0' },
      ip?.dadTransmits === 0 ? null : 'dad',
    ),
    check(
      other,
      { before: ip === null ? 'not set' : ip.metric === null ? 'automatic' : String(ip.metric), after: '254' },
      ip?.metric === wantedInterface.metric ? null : 'metric',
    ),
    check(dhcp, { before: ip === null ? 'not set' : onOff(ip.dhcp), after: 'off' }, ip?.dhcp === false ? null : 'dhcp'),
  ];
}
