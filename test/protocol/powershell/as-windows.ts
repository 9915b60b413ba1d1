import type { AdapterAddress, WindowsNetworkState } from '#shared/domain/windows/network-state';

/**
 * States of tests as Windows can have them: every adapter has a description and a name of its own, and no interface
 * with DHCP has an address that was given by hand. The language mode is that of the process, so the full one here.
 */
export function asWindowsHasIt(state: WindowsNetworkState): WindowsNetworkState {
  const numbered = (before: readonly string[], text: string): string => {
    const same = before.filter((other) => other === text).length;
    return same === 0 ? text : `${text} #${same + 1}`;
  };
  const adapters = state.adapters.map((adapter, at) => ({
    ...adapter,
    name: numbered(
      state.adapters.slice(0, at).map((other) => other.name),
      adapter.name,
    ),
    description: numbered(
      state.adapters.slice(0, at).map((other) => other.description),
      adapter.description,
    ),
    ipv4: adapter.ipv4 && { ...adapter.ipv4, dhcp: adapter.ipv4.dhcp && !adapter.addresses.some(givenByHand) },
  }));
  return { ...state, adapters, languageMode: 'FullLanguage' };
}

function givenByHand({ address }: AdapterAddress): boolean {
  return !address.includes(':') && !address.startsWith('169.254.');
}
