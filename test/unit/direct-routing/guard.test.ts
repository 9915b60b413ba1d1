import { describe, expect, it } from 'vitest';
import { guardVerdict, standingKey, type OtherServer, type ServiceStanding } from '#shared/domain/direct-routing/index';

const other = (number: number, verdict: OtherServer['verdict'], status: OtherServer['status'] = 'online') => ({
  ...{ name: `ICA-APP0${number}`, label: `ICA_WEB${number}`, status, verdict },
});
const standing = (...others: readonly OtherServer[]): ServiceStanding => ({
  ...{ pairId: 'p1', serviceName: 'ICA_WEB', address: '192.168.100.100', label: 'ICA_WEB2', status: 'online', others },
});

describe('what carries on while a server is taken out', () => {
  it('is a server in service that is proved to hold the fix, and no other', () => {
    const verdict = guardVerdict([
      standing(other(1, 'proved'), other(3, 'fix-missing'), other(4, null), other(5, 'proved', 'halted')),
    ]);
    expect(verdict.sentences).toEqual(['ICA_WEB keeps 1 of 5 servers in service']);
    expect(verdict.lost).toEqual([]);
    expect(verdict.warnings).toEqual([
      'ICA_WEB3 stays in service in ICA_WEB but lacks the fix too and does not count.',
      'ICA_WEB4 stays in service in ICA_WEB; whether it holds the fix is not known, so it does not count.',
    ]);
  });

  it('is nobody when every other server lacks the fix: a warning, since the first fix must be possible', () => {
    const verdict = guardVerdict([standing(other(1, 'fix-missing'), other(3, 'unknown'))]);
    expect(verdict.sentences).toEqual(['ICA_WEB keeps 0 of 3 servers in service']);
    expect(verdict.lost).toEqual([]);
    expect(verdict.warnings).toContain('No server that is proved to hold the fix stays in service in ICA_WEB.');
  });

  it('is nobody when no other server is in service: refused, whatever they hold', () => {
    const verdict = guardVerdict([standing(other(1, 'proved', 'drained'), other(3, 'proved', 'failed'))]);
    expect(verdict.lost.map(({ serviceName }) => serviceName)).toEqual(['ICA_WEB']);
  });

  it('is told once for servers that get the fix by the same plan', () => {
    const both = [standing(other(1, 'proved'), other(3, 'fix-missing'))];
    const third = { pairId: 'p1', serviceName: 'ICA_WEB', label: 'ICA_WEB3' };
    expect(guardVerdict(both, new Set([standingKey(third)])).warnings).toEqual([]);
  });

  it('is told of a server whose label another pair or another service uses for one that gets the fix', () => {
    const both = [standing(other(1, 'proved'), other(3, 'fix-missing'))];
    const elsewhere = [
      { pairId: 'p2', serviceName: 'ICA_WEB', label: 'ICA_WEB3' },
      { pairId: 'p1', serviceName: 'ICA_DICOM', label: 'ICA_WEB3' },
    ];
    expect(guardVerdict(both, new Set(elsewhere.map(standingKey))).warnings).toEqual([
      'ICA_WEB3 stays in service in ICA_WEB but lacks the fix too and does not count.',
    ]);
  });
});
