import { interfaceOf, resolveAdapter } from '#shared/domain/direct-routing/adapters';
import type { SettingOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';

/**
 * What has come to be of an operation whose script was ended in the middle, put as an operation: so many of the single
 * calls it consists of. `null`: nothing.
 */
export function halfDone(
  operation: SettingOperation,
  state: WindowsNetworkState,
  calls: number,
): SettingOperation | null {
  switch (operation.operation) {
    // Installed, not yet renamed.
    case 'ensure-device':
      return calls === 0 ? null : { operation: 'ensure-device', input: { name: 'Ethernet 77' } };
    case 'bindings': {
      const { adapter, set, others } = operation.input;
      const [held] = resolveAdapter(state, adapter);
      const wanted = new Map(set.map((item) => [item.component, item.enabled]));
      const all = (held?.bindings ?? []).map(({ component, enabled }) => ({
        component,
        enabled: wanted.get(component) ?? (others === 'off' ? false : enabled),
      }));
      return { operation: 'bindings', input: { adapter, others: 'leave', set: all.slice(0, calls), netbios: null } };
    }
    // The metric has a call of its own, after the others of its family.
    case 'interface': {
      const families = operation.input.families.slice(0, Math.ceil(calls / 2)).map((item, index) => {
        const [held] = resolveAdapter(state, operation.input.adapter);
        const before = held === undefined ? null : interfaceOf(held, item.family);
        const cut = index === Math.ceil(calls / 2) - 1 && calls % 2 === 1;
        return cut ? { ...item, metric: before?.metric ?? null } : item;
      });
      return families.length === 0 ? null : { operation: 'interface', input: { ...operation.input, families } };
    }
    case 'lan': {
      const families = operation.input.families.slice(0, calls);
      return families.length === 0 ? null : { operation: 'lan', input: { ...operation.input, families } };
    }
    case 'addresses': {
      const { remove, add, update } = operation.input;
      const input = {
        ...operation.input,
        remove: remove.slice(0, calls),
        add: add.slice(0, Math.max(0, calls - remove.length)),
        update: update.slice(0, Math.max(0, calls - remove.length - add.length)),
      };
      return { operation: 'addresses', input };
    }
    case 'firewall': {
      const { remove, add } = operation.input;
      const input = { remove: remove.slice(0, calls), add: add.slice(0, Math.max(0, calls - remove.length)) };
      return { operation: 'firewall', input };
    }
    case 'dns':
    case 'remove-device':
      return null;
  }
}
