import type { Phase } from '../fix-operations';

interface PhaseFacts {
  readonly title: string;
  readonly expect: string;
  readonly promise: string;
  readonly risk: 'low' | 'some';
  readonly seconds: number;
  readonly undo: string;
}

/** What a plan says of each part of a fix. */
export const phaseFacts: Readonly<Record<Phase, PhaseFacts>> = {
  install: {
    title: 'Install',
    expect: 'One loopback adapter more.',
    promise: 'One loopback adapter, driver ok, up.',
    risk: 'some',
    seconds: 50,
    undo: 'Removes the adapter that this step installed, and no other.',
  },
  bindings: {
    title: 'Bindings',
    expect: 'Only the protocols of the addresses stay bound.',
    promise: 'Bindings as planned, NetBIOS off.',
    risk: 'low',
    seconds: 4,
    undo: 'Sets every binding and NetBIOS as in the snapshot.',
  },
  interface: {
    title: 'Interface',
    expect: 'The loopback receives and sends for the LAN.',
    promise: 'Weak host on, DAD 0, DHCP off, metric 254, not in DNS.',
    risk: 'low',
    seconds: 2,
    undo: 'Sets the interface values of the snapshot.',
  },
  address: {
    title: 'Address',
    expect: 'Windows takes in packets for the addresses.',
    promise: 'Every address Preferred, SkipAsSource, on no other adapter.',
    risk: 'low',
    seconds: 5,
    undo: 'Removes the addresses added and restores those changed.',
  },
  firewall: {
    title: 'Firewall',
    expect: 'Connections to the service ports come in; no other rule changes.',
    promise: 'An inbound rule lets in every service port.',
    risk: 'low',
    seconds: 4,
    undo: 'Removes the rules added and restores those changed.',
  },
  lan: {
    title: 'LAN',
    expect: 'The LAN adapter takes in packets for the loopback; nothing else on it changes.',
    promise: 'Receive on; LAN address and gateway alike.',
    risk: 'low',
    seconds: 1,
    undo: 'Sets weak host receive of the LAN as in the snapshot.',
  },
};
