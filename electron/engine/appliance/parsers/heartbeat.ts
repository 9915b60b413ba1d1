/** `/var/log/nodestatus_local` [V] or `nodestatus`: the first of the two words; `null` when there is neither. */
export function parseNodeState(text: string): 'active' | 'passive' | null {
  const found = /\b(active|passive)\b/i.exec(text)?.[1]?.toLowerCase();
  return found === 'active' || found === 'passive' ? found : null;
}

/** Output of `cl_status hbstatus`, also by exit status: does Heartbeat run here? */
export function parseHeartbeatRuns(text: string, exitStatus: number | null): boolean | null {
  if (/not running|stopped/i.test(text)) return false;
  if (/\bis running/i.test(text)) return true;
  return exitStatus === 0 ? true : null;
}

/**
 * Lines of node name and state from `cl_status nodestatus`: `dead` of any is the peer's, as a unit that answers is not
 * dead itself. `null` with fewer than two nodes.
 */
export function parsePeers(text: string): boolean | null {
  const states = text
    .split(/\r?\n/)
    .flatMap((line) => /\s(active|dead|up|init)\s*$/i.exec(line)?.[1]?.toLowerCase() ?? []);
  if (states.length < 2) return null;
  return !states.includes('dead');
}

/** Addresses in `/etc/ha.d/haresources` (`IPaddr2::192.168.100.100/24/eth0`) [V], each once, in order. */
export function parseHaresources(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  const found = [...lines.join('\n').matchAll(/\b(?:IPaddr2?|IPv6addr)::([0-9A-Fa-f.:]+?)(?:\/[^\s]*)?(?=\s|\\|$)/gm)];
  return [...new Set(found.map((match) => (match[1] ?? '').toLowerCase()))];
}
