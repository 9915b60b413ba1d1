import type { ProbeLine } from '#shared/contract/inventory';

export type ProbeGroup = ProbeLine['group'];

/** What a probe begins with, in the order of the picture; texts say what each line waits for. */
export interface LinePlan {
  readonly group: ProbeGroup;
  readonly key: string;
  readonly label: string;
  readonly text: string;
  readonly aside?: string;
}

export const linePlans: readonly LinePlan[] = [
  { group: 'ssh', key: 'ssh.reachable', label: 'Reachable', text: '' },
  { group: 'ssh', key: 'ssh.hostkey', label: 'Host key', text: 'when it answers' },
  { group: 'ssh', key: 'ssh.login', label: 'Login', text: 'after the key is pinned' },
  { group: 'ssh', key: 'ssh.rights', label: 'Rights', text: 'what lbcli, ipvsadm and arping allow' },
  { group: 'webui', key: 'webui.reachable', label: 'Reachable', text: '' },
  { group: 'webui', key: 'webui.certificate', label: 'Certificate', text: 'when it answers' },
  { group: 'webui', key: 'webui.login', label: 'Login', text: 'after the certificate is pinned' },
  { group: 'webui', key: 'webui.identity', label: 'Identity', text: 'after a login' },
  { group: 'webui', key: 'webui.version', label: 'Version', text: 'after a login' },
  { group: 'webui', key: 'webui.support', label: 'Support download', text: 'after a login' },
  { group: 'others', key: 'others.api', label: 'HTTPS API', text: 'after the certificate is pinned' },
  { group: 'others', key: 'others.snmp', label: 'SNMP', text: '' },
  { group: 'rights', key: 'rights.read', label: 'Read live state', text: 'not yet', aside: 'SSH' },
  { group: 'rights', key: 'rights.state', label: 'Drain, halt, online', text: 'not yet', aside: 'SSH' },
  { group: 'rights', key: 'rights.services', label: 'Create and change services', text: 'not yet', aside: 'SSH' },
  { group: 'rights', key: 'rights.failover', label: 'Plan a failover', text: 'not yet', aside: 'SSH' },
  { group: 'rights', key: 'rights.arp', label: 'Ask who answers ARP', text: 'not yet', aside: 'SSH' },
  { group: 'rights', key: 'rights.update', label: 'Update, offline archive', text: 'not yet', aside: 'WebUI' },
  { group: 'rights', key: 'rights.backup', label: 'Full backup', text: 'not yet', aside: 'WebUI' },
  { group: 'rights', key: 'rights.licence', label: 'Licence', text: 'not yet', aside: 'WebUI' },
  { group: 'rights', key: 'rights.support', label: 'Support download', text: 'not yet', aside: 'WebUI' },
];

export type LineChange = Partial<Omit<ProbeLine, 'key' | 'group' | 'order'>> & Pick<ProbeLine, 'state'>;

/** The lines of one probe. Every change goes out as the whole line. */
export class ProbeLines {
  private readonly lines = new Map<string, ProbeLine>();

  constructor(private readonly emit: (line: ProbeLine) => void) {}

  /** Sends every planned line as waiting. */
  begin(): void {
    for (const { group, key, label, text, aside } of linePlans) {
      this.add({ group, key, label, text, aside: aside ?? null, state: 'waiting' });
    }
  }

  /** A line that is not planned: something found. */
  add(line: Pick<ProbeLine, 'group' | 'key' | 'label' | 'text' | 'aside' | 'state'>): void {
    const order = this.lines.get(line.key)?.order ?? this.lines.size;
    this.put({ ...line, order, milliseconds: null, fingerprint: null, error: null });
  }

  set(key: string, change: LineChange): void {
    const line = this.lines.get(key);
    if (!line) throw new RangeError(`no probe line ${key}`);
    this.put({ ...line, ...change });
  }

  private put(line: ProbeLine): void {
    this.lines.set(line.key, line);
    this.emit(line);
  }
}
