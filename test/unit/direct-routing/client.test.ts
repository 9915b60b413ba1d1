import { describe, expect, it } from 'vitest';
import {
  clientPorts,
  clientVerdict,
  probeOf,
  triesThroughVip,
  type PortResult,
} from '#shared/domain/direct-routing/index';

describe('What is asked at a port', () => {
  it.each([
    ['ICA_WEB', 80, 'http'],
    ['ICA_WEB', 443, 'https'],
    ['ICA_WEB', 8443, 'https'],
    ['ICA_DICOM', 4444, 'dicom'],
    ['VNA', 104, 'dicom'],
    ['VNA', 11112, 'dicom'],
    ['vna-dicom-tls', 2762, 'dicom'],
    ['MWL_2', 5104, 'dicom'],
    ['DICOM_PORTAL', 443, 'https'],
    ['HL7', 2575, 'tcp'],
    ['SAMWLINE', 5000, 'tcp'],
  ] as const)('%s at port %i: %s', (service, port, probe) => {
    expect(probeOf(service, port)).toBe(probe);
  });

  it.each([
    ['80,443', 'tcp', [80, 443]],
    ['80:443:80', 'tcp', [80, 443]],
    ['8000-8010', 'tcp', [8000, 8010]],
    ['1,2,3,4,5,6,7,8,9,10,11,12,13,14', 'tcp', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    ['514', 'udp', []],
    ['53', 'tcpudp', [53]],
    ['7', 'fwm', []],
    ['', null, []],
  ] as const)('ports %j of %s: %j', (ports, protocol, wanted) => {
    expect(clientPorts({ ports, protocol })).toEqual(wanted);
  });

  it('goes through the VIP twice for each server in service, at least two and at most eight times', () => {
    expect([0, 1, 3, 4, 50].map(triesThroughVip)).toEqual([2, 2, 6, 8, 8]);
  });
});

describe('What connections say of one server', () => {
  const ok: PortResult = { port: 443, tries: 1, failed: 0, word: '200' };
  const refused: PortResult = { port: 443, tries: 1, failed: 1, word: 'refused' };
  const vip = (failed: number, tries = 6): PortResult => ({ port: 443, tries, failed, word: 'timed out' });
  const others = ['proved', 'proved'] as const;
  const base = { inService: true, direct: [ok], throughVip: [vip(0)], othersInService: others };
  const of = (change: Partial<typeof base> | object) => clientVerdict({ ...base, ...change });

  it('all answered: ok', () => {
    expect(of({})).toEqual({ client: 'ok', reasons: [], word: null });
  });

  it('nothing was asked, or half of it: unknown', () => {
    expect(of({ direct: [], throughVip: [] }).client).toBe('unknown');
    expect(of({ throughVip: [] }).client).toBe('unknown');
    expect(of({ direct: [] }).client).toBe('unknown');
  });

  it('refused at its own address: failed, whatever the VIP says', () => {
    expect(of({ direct: [refused] })).toEqual({
      client: 'failed',
      word: 'client refused',
      reasons: [{ code: 'client-direct', text: "A client at the server's own address, port 443: refused." }],
    });
  });

  it('every connection through the VIP failed: it may have been this one', () => {
    expect(of({ throughVip: [vip(3, 3)] })).toEqual({
      client: 'failed',
      word: 'client timed out',
      reasons: [
        {
          code: 'client-vip',
          text: 'A client through the virtual address, port 443: all 3 connections failed (timed out). Which server was chosen is not known.',
        },
      ],
    });
  });

  it('every one failed, though another server lacks the fix: that one alone does not explain it', () => {
    expect(of({ throughVip: [vip(3, 3)], othersInService: ['fix-missing', 'proved'] }).client).toBe('failed');
  });

  it('some failed and nobody is known to lack the fix: each in service is in doubt', () => {
    expect(of({ throughVip: [vip(2)] })).toMatchObject({ client: 'failed', word: 'client timed out' });
    expect(of({ throughVip: [vip(2)], othersInService: ['unknown', 'proved'] }).client).toBe('failed');
  });

  it('some failed and another server lacks the fix: explained, told, and not held against this one', () => {
    expect(of({ throughVip: [vip(2)], othersInService: ['fix-missing', 'proved'] })).toEqual({
      client: 'unknown',
      word: null,
      reasons: [
        {
          code: 'client-vip',
          text: 'A client through the virtual address, port 443: 2 of 6 connections failed (timed out). Another server in service lacks the fix, which explains it.',
        },
      ],
    });
  });

  it('alone in service: a failure is its own', () => {
    const seen = of({ throughVip: [vip(1, 2)], othersInService: [] });
    expect(seen.client).toBe('failed');
    expect(seen.reasons[0]?.text).toContain('No other server is in service.');
  });

  it('out of service: the VIP says nothing of it, neither good nor bad', () => {
    expect(of({ inService: false, throughVip: [vip(3, 3)] })).toEqual({ client: 'unknown', reasons: [], word: null });
    expect(of({ inService: false }).client).toBe('unknown');
    expect(of({ inService: false, direct: [refused] }).client).toBe('failed');
  });
});
