import type { DrCell, DrRow, DrWire } from '#shared/contract/direct-routing';
import type { State } from '#shared/domain/state';

export function applianceMark(cell: DrCell): State {
  switch (cell.applianceState) {
    case 'in':
      return 'healthy';
    case 'out':
      return 'failed';
    default:
      return cell.applianceState;
  }
}

export function serverMark(cell: DrCell): State {
  if (cell.server === 'proved') return 'healthy';
  return cell.server === 'fix-missing' ? 'degraded' : 'unknown';
}

/** An edge stands only where a fix is missing, or where one side cannot be read. */
export function cellEdge(cell: DrCell): 'fix' | 'unread' | 'none' {
  if (cell.server === 'fix-missing') return 'fix';
  return cell.server === 'unknown' || cell.applianceState === 'unknown' ? 'unread' : 'none';
}

/** Does a server answer ARP for what only the appliance may answer for? */
export function arpMark(row: Pick<DrRow, 'wire'>): State {
  if (row.wire === 'silent') return 'healthy';
  return row.wire === 'answers' ? 'failed' : 'unknown';
}

export function wireState(wire: DrWire): State {
  if (wire.verdict === 'unknown') return 'unknown';
  return wire.verdict === 'only-active' ? 'healthy' : 'failed';
}

/** Who answers, in the words of a row; more than one answer is told in full. */
export function wireWord(wire: DrWire): string {
  const owners = wire.answers.map((answer) => answer.owner ?? answer.mac);
  switch (wire.verdict) {
    case 'nobody':
      return 'nobody answers';
    case 'unknown':
      return wire.checkedAt === null ? 'not asked' : 'cannot tell from here';
    case 'only-active':
      return owners.join(', ');
    case 'server-answers':
      return `${owners.join(', ')}: a server answers`;
    case 'active-twice':
      return `${owners.join(', ')}: answered twice`;
  }
}

export const askerWords = { appliance: 'asked by the appliance', 'this-computer': 'asked by this computer' } as const;
