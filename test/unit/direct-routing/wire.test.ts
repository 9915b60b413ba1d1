import { describe, expect, it } from 'vitest';
import { wireVerdict } from '#shared/domain/direct-routing/index';

const known = [{ mac: '00-50-56-9C-02-11', name: 'ICA-APP02', kind: 'windows' as const }];
const lb = '00:50:56:9c:1e:07';
const asked = (macs: readonly string[] | null, askedItself = false) =>
  wireVerdict({ macs, active: 'lb-main-1', askedItself }, known);

describe('who answers ARP for an address', () => {
  it.each([
    ['only the active unit', [lb], 'only-active'],
    ['a Windows server, too', [lb, '00:50:56:9C:02:11'], 'server-answers'],
    ['a Windows server alone', ['00:50:56:9c:02:11'], 'server-answers'],
    ['two units', [lb, '00:50:56:9c:1e:08'], 'active-twice'],
    ['nobody', [], 'nobody'],
    ['it cannot be asked', null, 'unknown'],
  ] as const)('%s', (_name, macs, verdict) => {
    expect(asked(macs).verdict).toBe(verdict);
  });

  it('names the owners it knows, and the active unit only while it must be that one', () => {
    expect(asked([lb]).answers).toEqual([{ mac: lb, owner: 'lb-main-1' }]);
    expect(asked([lb, '00:50:56:9c:02:11']).answers.map((answer) => answer.owner)).toEqual([null, 'ICA-APP02']);
  });

  it('nobody else is right where the active unit asked itself', () => {
    expect(asked([], true).verdict).toBe('only-active');
    expect(asked([lb], true).verdict).toBe('active-twice');
  });
});
