/** What mends a difference, by its code: a step of the fix, or a person. `null`: it is told and left as it is. */
const steps: Readonly<Record<string, string>> = {
  'no-loopback': 'The step Install adds the adapter.',
  'no-address': 'The step Address adds it.',
  'wrong-mask': 'The step Address sets the prefix.',
  'skip-as-source': 'The step Address sets SkipAsSource.',
  'address-not-preferred': 'The step Address adds it again and waits until it is Preferred.',
  'weak-host-receive-loopback': 'The step Interface turns weak host receive on.',
  'weak-host-send-loopback': 'The step Interface turns weak host send on.',
  dad: 'The step Interface sets DadTransmits to 0.',
  dhcp: 'The step Interface turns DHCP off.',
  metric: 'The step Interface sets the metric.',
  'dns-registration': 'The step Interface takes it out of DNS registration.',
  binding: 'The step Bindings sets what is bound.',
  netbios: 'The step Bindings turns NetBIOS off.',
  'weak-host-receive-lan': 'The step LAN turns weak host receive on; nothing else on the adapter changes.',
  'vip-on-other-loopback': 'The step Address moves it.',
  'stale-address': 'The option to remove stale addresses takes it off.',
  'firewall-closed': 'The option for the firewall opens the port.',
};
const people: Readonly<Record<string, string>> = {
  'read-denied': 'Give the account the rights of an administrator on the server, or another account in the inventory.',
  'not-read': 'Read the server again.',
  'loopback-disabled': 'Enable the loopback adapter on the server, or remove it there.',
  'loopback-driver': 'See to the driver in Device Manager, or remove the adapter there.',
  'address-duplicate': 'Find the other host that holds the address and take the address off it.',
  'vip-on-other-adapter': 'Take the address off the other adapter on the server: clients depend on it as it is now.',
  'protocol-off':
    'Turn the protocol off and on again in the properties of the loopback adapter, or restart the server.',
  'client-direct': 'See to the service on the server: the fix changes nothing about it.',
  'client-vip': 'Compare with what clients see below; where Windows is proved the fault lies elsewhere.',
  'lan-not-found': 'Compare the real server’s address at the appliance with the adapters of the server.',
  'lan-not-bound': 'Bind the protocol to the LAN adapter on the server.',
  'pending-reboot': 'Restart the server when its services allow it.',
};

export interface Mending {
  readonly by: 'fix' | 'person';
  readonly text: string;
}

export function mends(code: string): Mending | null {
  const step = steps[code];
  if (step !== undefined) return { by: 'fix', text: step };
  const person = people[code];
  return person === undefined ? null : { by: 'person', text: person };
}
