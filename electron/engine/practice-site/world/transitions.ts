import type { Appliance, Pair, RealServer, VirtualService, WindowsHost, WorldState } from './types';

function replaceNamed<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  change: (item: T) => T,
): T[] {
  return list.map((item) => (item.name === name ? change(item) : item));
}

export function changeAppliance(state: WorldState, name: string, change: Partial<Appliance>): WorldState {
  return { ...state, appliances: replaceNamed(state.appliances, name, (unit) => ({ ...unit, ...change })) };
}

export function changeWindows(state: WorldState, name: string, change: Partial<WindowsHost>): WorldState {
  return { ...state, windows: replaceNamed(state.windows, name, (host) => ({ ...host, ...change })) };
}

export function changePair(state: WorldState, name: string, change: (pair: Pair) => Pair): WorldState {
  return { ...state, pairs: replaceNamed(state.pairs, name, change) };
}

export function changeService(
  state: WorldState,
  pairName: string,
  label: string,
  change: (service: VirtualService) => VirtualService,
): WorldState {
  return changePair(state, pairName, (pair) => ({
    ...pair,
    services: pair.services.map((service) => (service.label === label ? change(service) : service)),
  }));
}

export function changeRealServer(
  service: VirtualService,
  label: string,
  change: (real: RealServer) => RealServer,
): VirtualService {
  return { ...service, realServers: service.realServers.map((real) => (real.label === label ? change(real) : real)) };
}

/** Adds a virtual service; its address becomes a floating address of the pair. */
export function addService(state: WorldState, pairName: string, service: VirtualService): WorldState {
  return changePair(state, pairName, (pair) => ({
    ...pair,
    services: [...pair.services, service],
    floatingAddresses: pair.floatingAddresses.includes(service.address)
      ? pair.floatingAddresses
      : [...pair.floatingAddresses, service.address],
  }));
}

/** Removes a virtual service. Its floating address stays [T]. */
export function removeService(state: WorldState, pairName: string, label: string): WorldState {
  return changePair(state, pairName, (pair) => ({
    ...pair,
    services: pair.services.filter((service) => service.label !== label),
  }));
}

/** The unit takes the floating addresses; a peer that hears it lets go of them. */
export function takeOver(state: WorldState, name: string): WorldState {
  const unit = state.appliances.find((item) => item.name === name);
  if (unit?.power !== 'on') return state;
  return {
    ...state,
    appliances: state.appliances.map((item) =>
      item.pair === unit.pair ? { ...item, ha: item.name === name ? 'active' : 'passive' } : item,
    ),
  };
}

/** The unit lets go of the floating addresses when a peer can take them. */
export function standBy(state: WorldState, name: string): WorldState {
  const peer = peerOf(state, name);
  const unit = state.appliances.find((item) => item.name === name);
  if (unit?.ha !== 'active' || peer?.power !== 'on') return state;
  return takeOver(state, peer.name);
}

/** The unit goes down for a restart: its peer takes over first. */
export function beginRestart(state: WorldState, name: string): WorldState {
  return changeAppliance(standBy(state, name), name, { power: 'restarting' });
}

/** The unit is back: every pending restart is done with. Failback is not automatic. */
export function endRestart(state: WorldState, name: string, now: number): WorldState {
  return changeAppliance(state, name, { power: 'on', bootedAt: now, pendingRestarts: [], restartNeeded: false });
}

export function peerOf(state: WorldState, name: string): Appliance | null {
  const unit = state.appliances.find((item) => item.name === name);
  return state.appliances.find((item) => item.pair === unit?.pair && item.name !== name) ?? null;
}

/**
 * The site was cut off and comes back: what was being installed is not, a unit that was restarting is up, and faults
 * that were asked for are gone.
 */
export function afterPowerCut(state: WorldState, now: number): WorldState {
  const cut = state.appliances.filter((unit) => unit.power !== 'on').map((unit) => unit.name);
  const up = cut.reduce((before, name) => endRestart(before, name, now), state);
  return {
    ...up,
    appliances: up.appliances.map((unit) => ({ ...unit, installing: null, failingChecks: [], bootedAt: now })),
  };
}
