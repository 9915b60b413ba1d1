import { configurationText } from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { sha256 } from './store';

/** What plans compare before their first step, and again before their first change. */
export function fingerprint(state: WindowsNetworkState): string {
  return sha256(configurationText(state));
}
