import { describe, expect, it } from 'vitest';
import { findPairs, type PairMember } from '#shared/domain/overview/index';

function member(name: string, part: Partial<PairMember> = {}): PairMember {
  return {
    id: name,
    name,
    site: 'Main hospital',
    address: '192.168.100.11',
    hostname: null,
    role: null,
    peerAddress: null,
    floatingAddresses: [],
    pairId: null,
    ...part,
  };
}

function pairs(members: PairMember[]): Record<string, string> {
  return Object.fromEntries([...findPairs(members)].map(([id, pair]) => [id, `${pair.pairName} (${pair.pairId})`]));
}

describe('pairs', () => {
  const one = member('lb-main-1', { role: 'primary', peerAddress: '192.168.100.12' });
  const two = member('lb-main-2', { role: 'secondary', address: '192.168.100.12', hostname: 'lb-main-2' });

  it('follow from what a unit says of its peer, by address or by name', () => {
    const pair = 'lb-main (pair-lb-main-1)';
    expect(pairs([one, two])).toEqual({ 'lb-main-1': pair, 'lb-main-2': pair });
    expect(pairs([{ ...one, peerAddress: 'LB-MAIN-2' }, two])).toEqual({ 'lb-main-1': pair, 'lb-main-2': pair });
  });

  it('follow from a shared floating address where neither names its peer', () => {
    const floatingAddresses = ['192.168.100.100'];
    const shared = pairs([
      { ...one, peerAddress: null, floatingAddresses },
      { ...two, floatingAddresses },
    ]);
    expect(shared['lb-main-2']).toBe('lb-main (pair-lb-main-1)');
  });

  it('never join two sites, two primaries, or a third unit', () => {
    expect(pairs([one, { ...two, site: 'Imaging annex' }])).toEqual({
      'lb-main-1': 'lb-main (pair-lb-main-1)',
      'lb-main-2': 'lb-main (pair-lb-main-2)',
    });
    const floatingAddresses = ['192.168.100.100'];
    const primaries = [
      member('a', { role: 'primary', floatingAddresses }),
      member('b', { role: 'primary', floatingAddresses }),
    ];
    expect(new Set(Object.values(pairs(primaries))).size).toBe(2);
    const third = member('lb-main-3', { peerAddress: '192.168.100.12' });
    expect(pairs([one, two, third])['lb-main-3']).toBe('lb-main-3 (pair-lb-main-3)');
  });

  it('keep their id while one unit stays, and give it to one only when they part', () => {
    const kept = { ...two, pairId: 'pair-lb-main-1' };
    expect(pairs([kept])['lb-main-2']).toBe('lb-main (pair-lb-main-1)');
    const parted = pairs([
      { ...one, role: 'single', peerAddress: null, pairId: 'p' },
      { ...two, role: 'single', pairId: 'p' },
    ]);
    expect(parted).toEqual({ 'lb-main-1': 'lb-main-1 (p)', 'lb-main-2': 'lb-main-2 (pair-lb-main-2)' });
  });

  it('bear what their units have in common', () => {
    const name = (a: string, b: string): string | undefined =>
      pairs([member(a, { peerAddress: '10.0.0.2' }), member(b, { address: '10.0.0.2' })])[a]?.replace(/ \(.*/, '');
    expect(name('lb-main-1', 'lb-main-2')).toBe('lb-main');
    expect(name('lb10', 'lb11')).toBe('lb');
    expect(name('north', 'south')).toBe('north and south');
  });
});
