import { describe, expect, it } from 'vitest';
import { wireVerdict, type WireQuestion } from '#shared/domain/direct-routing/index';

const server = '00:50:56:9c:02:11';
const known = [{ mac: '00-50-56-9C-02-11', name: 'ICA-APP02', kind: 'windows' as const }];
const lb = '00:50:56:9c:1e:07';
const usual = { active: 'lb-main-1', askedItself: false, control: null, heard: 'all' as const };
const asked = (macs: readonly string[] | null, more: Partial<WireQuestion> = {}) =>
  wireVerdict({ ...usual, macs, ...more }, known);

describe('who answers ARP for an address', () => {
  it.each([
    ['only the active unit', [lb], 'only-active'],
    ['a Windows server, too', [lb, '00:50:56:9C:02:11'], 'server-answers'],
    ['a Windows server alone', [server], 'server-answers'],
    ['two units', [lb, '00:50:56:9c:1e:08'], 'active-twice'],
    ['it cannot be asked', null, 'unknown'],
  ] as const)('%s', (_name, macs, verdict) => {
    expect(asked(macs).verdict).toBe(verdict);
  });

  it('names the owners it knows, and the active unit only while it must be that one', () => {
    expect(asked([lb]).answers).toEqual([{ mac: lb, owner: 'lb-main-1' }]);
    expect(asked([lb, server]).answers.map((answer) => answer.owner)).toEqual([null, 'ICA-APP02']);
  });

  it('lists each MAC once, whatever its spelling', () => {
    expect(asked([lb, lb.toUpperCase(), lb.replaceAll(':', '-')]).answers).toHaveLength(1);
  });
});

describe('silence', () => {
  it('means nobody only where another host was heard in the same way', () => {
    expect(asked([], { control: true }).verdict).toBe('nobody');
    expect(asked([], { control: false }).verdict).toBe('unknown');
    expect(asked([]).verdict).toBe('unknown');
  });

  it('is right where the active unit asked itself, and was able to hear', () => {
    expect(asked([], { askedItself: true, control: true }).verdict).toBe('only-active');
    expect(asked([], { askedItself: true, control: false }).verdict).toBe('unknown');
    expect(asked([lb], { askedItself: true }).verdict).toBe('active-twice');
    expect(asked([server], { askedItself: true }).verdict).toBe('server-answers');
  });
});

describe('a cache of neighbours', () => {
  const heard = { heard: 'last' } as const;

  it('shows a server that answers', () => {
    expect(asked([server], heard)).toEqual({
      verdict: 'server-answers',
      answers: [{ mac: server, owner: 'ICA-APP02' }],
    });
  });

  it('never shows that only the active unit answers, nor that nobody does', () => {
    expect(asked([lb], heard)).toEqual({ verdict: 'unknown', answers: [{ mac: lb, owner: null }] });
    expect(asked([], { ...heard, control: true }).verdict).toBe('unknown');
  });
});
