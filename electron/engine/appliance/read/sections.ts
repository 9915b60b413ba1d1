/** One part of a reading: its name and the command that prints it. */
export interface Section {
  readonly name: SectionName;
  readonly command: string;
  /** Needs root on the unit: another account runs it through `sudo -n`. */
  readonly root: boolean;
}

export const sectionNames = [
  'clock',
  'hostname',
  'version',
  'updateNotice',
  'config',
  'ipvs',
  'ipvsRate',
  'firewallMarks',
  'haproxy',
  'haState',
  'heartbeat',
  'peers',
  'haresources',
  'licence',
  'checkLog',
] as const;
export type SectionName = (typeof sectionNames)[number];

/**
 * Where each fact of a reading stands on a unit. The one place to correct when a real appliance differs.
 * `peers` prints each node's name and its state, `active` or `dead`.
 */
export const sections: readonly Section[] = [
  { name: 'clock', command: 'date +%s', root: false },
  { name: 'hostname', command: 'hostname', root: false },
  { name: 'version', command: 'cat /etc/loadbalancer.org/version.txt', root: false }, // [V]
  { name: 'updateNotice', command: 'cat /etc/loadbalancer.org/update_available', root: false }, // [V]
  { name: 'config', command: 'cat /etc/loadbalancer.org/lb_config.xml', root: true }, // [V]
  { name: 'ipvs', command: 'ipvsadm -Ln', root: true }, // [V]
  { name: 'ipvsRate', command: 'ipvsadm -Ln --rate', root: true }, // [V]
  { name: 'firewallMarks', command: "grep -H '' /etc/rc.d/auto_fwmarks/fwmark-*", root: false }, // [V]
  { name: 'haproxy', command: 'echo "show stat" | socat - UNIX-CONNECT:/var/run/haproxy.stat', root: true }, // [V]
  { name: 'haState', command: 'cat /var/log/nodestatus_local', root: false }, // [V]
  { name: 'heartbeat', command: 'cl_status hbstatus', root: false },
  {
    name: 'peers',
    command: 'for node in $(cl_status listnodes -n); do echo "$node $(cl_status nodestatus $node)"; done',
    root: false,
  },
  { name: 'haresources', command: 'cat /etc/ha.d/haresources', root: true }, // [V]
  { name: 'licence', command: 'cat /etc/loadbalancer.org/license', root: false }, // [U]
  { name: 'checkLog', command: 'tail -n 200 /var/log/ldirectord.log', root: true }, // [U]
];

/** Their place on a unit is a guess [U]: when they do not answer, that is no gap worth telling. */
export const optionalSections: readonly SectionName[] = ['updateNotice', 'licence', 'checkLog'];
