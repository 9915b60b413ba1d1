import type { ProbeLine, WindowsTarget } from '#shared/contract/inventory';

const lines = [
  { group: 'winrm', key: 'winrm.reachable', label: 'Reachable', text: '', aside: null },
  { group: 'winrm', key: 'winrm.certificate', label: 'Certificate', text: 'when it answers', aside: null },
  { group: 'winrm', key: 'winrm.login', label: 'Login', text: 'after the certificate is pinned', aside: null },
  { group: 'winrm', key: 'winrm.identity', label: 'Identity', text: 'after a login', aside: null },
  { group: 'rights', key: 'rights.read', label: 'Read network state', text: 'not yet', aside: 'WinRM' },
  { group: 'rights', key: 'rights.fix', label: 'Apply the Direct Routing fix', text: 'not yet', aside: 'WinRM' },
  { group: 'rights', key: 'rights.scripts', label: 'Run full scripts', text: 'not yet', aside: 'WinRM' },
  { group: 'found', key: 'found.addresses', label: 'LAN addresses', text: '', aside: null },
] as const satisfies readonly Pick<ProbeLine, 'group' | 'key' | 'label' | 'text' | 'aside'>[];

export type ProbeKey = (typeof lines)[number]['key'];

/** Every line of a probe of a Windows server, as it waits. Over HTTP there is no certificate to compare. */
export function planned(target: WindowsTarget): Record<ProbeKey, ProbeLine> {
  const blank = { state: 'waiting', milliseconds: null, fingerprint: null, error: null } as const;
  const all = Object.fromEntries(lines.map((line, order) => [line.key, { ...line, ...blank, order }])) as Record<
    ProbeKey,
    ProbeLine
  >;
  if (asksForPin(target)) return all;
  const text =
    target.transport === 'https'
      ? 'Windows checks it by its own trust'
      : 'HTTP: the login encrypts and proves both sides';
  return { ...all, 'winrm.certificate': { ...all['winrm.certificate'], state: 'off', text } };
}

/** A stored account is sent over HTTPS only to a certificate that a person has pinned. */
export function asksForPin({ transport, way = 'stored', login }: WindowsTarget): boolean {
  return transport === 'https' && (way === 'stored' || (way === 'automatic' && login !== null));
}
