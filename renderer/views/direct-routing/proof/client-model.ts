import type { DrClient } from '#shared/contract/direct-routing';
import type { State } from '#shared/domain/state';
import type { Block } from '../matrix/index';

/** What clients saw of one service: through the virtual address first, then at each server. */
export interface ServiceSeen {
  readonly pairId: string;
  readonly serviceName: string;
  readonly address: string;
  readonly vip: readonly DrClient[];
  readonly servers: readonly DrClient[];
  /** The oldest of its lines; `null`: never played. */
  readonly checkedAt: number | null;
  readonly state: State;
  readonly word: string;
}

export const clientMark = (line: DrClient): State => (line.outcome === 'ok' ? 'healthy' : 'failed');

export function servicesSeen(blocks: readonly Block[], clients: readonly DrClient[]): readonly ServiceSeen[] {
  const byService = new Map<string, DrClient[]>();
  for (const line of clients) {
    const key = `${line.pairId}|${line.serviceName}`;
    byService.set(key, [...(byService.get(key) ?? []), line]);
  }
  return blocks.flatMap((block) =>
    block.columns.map((column) => {
      const lines = byService.get(`${block.pairId}|${column.serviceName}`) ?? [];
      const vip = lines.filter((line) => line.via === 'vip').sort((a, b) => a.port - b.port);
      const order = new Map(block.rows.map((row, index) => [row.id, index]));
      const place = (line: DrClient): number => order.get(line.rowId ?? '') ?? block.rows.length;
      const servers = lines
        .filter((line) => line.via === 'server')
        .sort((a, b) => a.port - b.port || place(a) - place(b));
      return {
        pairId: block.pairId,
        serviceName: column.serviceName,
        address: column.address,
        vip,
        servers,
        checkedAt: lines.length === 0 ? null : Math.min(...lines.map((line) => line.checkedAt)),
        ...verdictOf(vip, servers),
      };
    }),
  );
}

/** A VIP that fails while its servers answer is the fault that the fix mends; a server that refuses is its own. */
function verdictOf(
  vip: readonly DrClient[],
  servers: readonly DrClient[],
): { readonly state: State; readonly word: string } {
  if (vip.length + servers.length === 0) return { state: 'unknown', word: 'not played' };
  const bad = servers.filter((line) => line.outcome !== 'ok').length;
  const through = vip.filter((line) => line.outcome !== 'ok').length;
  if (through > 0) {
    const direct = bad === 0 && servers.length > 0 ? ', servers answer directly' : '';
    return { state: 'failed', word: `fails through the VIP${direct}` };
  }
  if (bad > 0) return { state: 'failed', word: `${bad} of ${servers.length} direct checks fail` };
  if (vip.length === 0) return { state: 'unknown', word: 'only servers were asked' };
  return { state: 'healthy', word: 'answers through the VIP and directly' };
}

/** `443 HTTPS`. */
export function portWord(line: DrClient): string {
  return `${line.port} ${line.probe === 'dicom' ? 'DICOM' : line.probe.toUpperCase()}`;
}

/** `18 ms`; a dash where nothing came back. */
export function msWord(ms: number | null): string {
  if (ms === null) return '–';
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** `CN=ica, by CN=CA 2, until 30 Jun 2027`, and whether that day is near or past. */
export function certificateWord(line: DrClient, now: number): { readonly text: string; readonly state: State } | null {
  const { certificate } = line;
  if (certificate === null) return null;
  const day = new Date(certificate.notAfter).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const left = certificate.notAfter - now;
  const past = left < 0;
  return {
    text: `${certificate.subject}, by ${certificate.issuer}, ${past ? 'expired' : 'until'} ${day}`,
    state: past ? 'failed' : left < 30 * 86_400_000 ? 'degraded' : 'healthy',
  };
}
