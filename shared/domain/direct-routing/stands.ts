import type { NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { addressOn, interfaceOf, loopbacksOf, resolveAdapter } from './adapters';
import { rulesStand } from './firewall-rules';
import type { AdapterRef, WindowsOperation } from './operations';

/** Does the effect of an operation stand? Running it would then change nothing. */
export function operationStands(operation: WindowsOperation, state: WindowsNetworkState): boolean {
  switch (operation.operation) {
    case 'read-state':
    case 'snapshot':
    case 'dead-man-read':
      return true;
    // A state does not tell: `dead-man-read` does.
    case 'dead-man-arm':
    case 'dead-man-confirm':
    case 'dead-man-fire':
      return false;
    case 'firewall':
      return rulesStand(operation.input, state.firewall);
    case 'ensure-device':
      return loopbacksOf(state).some((adapter) => adapter.driverOk && adapter.status === 'up');
    case 'remove-device':
      return resolveAdapter(state, operation.input.adapter).length === 0;
    case 'bindings': {
      const { set, others, netbios } = operation.input;
      const wanted = new Map(set.map((item) => [item.component, item.enabled]));
      return onOne(state, operation.input.adapter, (adapter) => {
        const bound = adapter.bindings.every(
          ({ component, enabled }) => enabled === (wanted.get(component) ?? (others === 'off' ? false : enabled)),
        );
        return bound && (netbios === null || adapter.netbios === netbios);
      });
    }
    case 'interface':
      return onOne(state, operation.input.adapter, (adapter) =>
        operation.input.families.every((wanted) => {
          const ip = interfaceOf(adapter, wanted.family);
          return (
            ip?.weakHostReceive === wanted.weakHostReceive &&
            ip.weakHostSend === wanted.weakHostSend &&
            ip.dadTransmits === wanted.dadTransmits &&
            ip.dhcp === wanted.dhcp &&
            ip.metric === wanted.metric
          );
        }),
      );
    case 'dns':
      return onOne(state, operation.input.adapter, (adapter) => adapter.registersInDns === operation.input.register);
    case 'addresses': {
      const { add, update, remove } = operation.input;
      return onOne(state, operation.input.adapter, (adapter) => {
        const added = add.every((wanted) => {
          const held = addressOn(adapter, wanted.address);
          const same = held?.prefixLength === wanted.prefixLength && held.skipAsSource === wanted.skipAsSource;
          return same && held.state === 'Preferred';
        });
        const corrected = update.every(
          (wanted) => addressOn(adapter, wanted.address)?.skipAsSource === wanted.skipAsSource,
        );
        const gone = remove.every(
          (address) => add.some((item) => item.address === address) || addressOn(adapter, address) === undefined,
        );
        return added && corrected && gone;
      });
    }
    case 'lan':
      return onOne(state, operation.input.adapter, (adapter) =>
        operation.input.families.every(
          (wanted) => interfaceOf(adapter, wanted.family)?.weakHostReceive === wanted.weakHostReceive,
        ),
      );
  }
}

function onOne(state: WindowsNetworkState, ref: AdapterRef, holds: (adapter: NetworkAdapter) => boolean): boolean {
  const [adapter, other] = resolveAdapter(state, ref);
  return adapter !== undefined && other === undefined && holds(adapter);
}
