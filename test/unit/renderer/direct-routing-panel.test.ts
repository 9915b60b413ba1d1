import { describe, expect, it } from 'vitest';
import { drOptions, type DrClient } from '#shared/contract/direct-routing';
import { drItems } from '#test/fixtures/direct-routing';
import { drClients } from '#test/fixtures/direct-routing-clients';
import { moment } from '#test/fixtures/two-sites';
import { matrixOf } from '../../../renderer/views/direct-routing/matrix/model';
import { mends } from '../../../renderer/views/direct-routing/panel/mends';
import { sharesOf, standings } from '../../../renderer/views/direct-routing/panel/standing';
import { changedOptions, optionSentence, usualOptions } from '../../../renderer/views/direct-routing/plan/options';
import { certificateWord, msWord, servicesSeen } from '../../../renderer/views/direct-routing/proof/client-model';

const matrix = matrixOf(drItems.values());

describe('the options of a fix', () => {
  it('are the contract’s where a person chose nothing', () => {
    expect(usualOptions).toEqual(drOptions.parse({}));
    expect(changedOptions({}, 2)).toBe(0);
    expect(changedOptions({ together: true, revertMinutes: 15 }, 2)).toBe(1);
  });

  it('between servers do not count for one: its failure is always taken back', () => {
    expect(changedOptions({ together: true, onFailure: 'go-on', revertMinutes: 30 }, 1)).toBe(1);
    expect(optionSentence({ ...usualOptions, onFailure: 'go-on' }, 1)).toBe(optionSentence(usualOptions, 1));
  });

  it('are said in one sentence each, those between servers only for several', () => {
    expect(optionSentence(usualOptions, 1)).toBe(
      'It waits for connections to end, as long as the engine is set to, then goes on. The server restores itself unless confirmed within 15 min. After a failure it is taken back.',
    );
    expect(optionSentence({ ...usualOptions, drainSeconds: 120, whenTimeIsUp: 'stop', onFailure: 'go-on' }, 2)).toBe(
      'It waits up to 2 min for connections to end, else leaves the server as it was. The server restores itself unless confirmed within 15 min. Never two servers of one service at once; after a failure the others still begin.',
    );
  });
});

describe('what stands out', () => {
  it('is each server without the fix with its words, and each that cannot be told with the reason', () => {
    const { needing, unread } = standings(matrix);
    expect(needing.map(({ row, words }) => [row.name, words])).toEqual([['ICA-APP02', 'no address']]);
    expect(unread.map(({ row, words }) => [row.name, words])).toEqual([['MWL-SRV02', 'Nothing answered in time.']]);
  });

  it('counts as carrying on only what is in service, proved and not selected', () => {
    const shares = sharesOf(matrix, new Set(['windows:ICA-APP01', 'windows:VNA-APP01']));
    const of = (name: string): unknown => shares.find((share) => share.name === name);
    expect(of('ICA_WEB')).toMatchObject({ selected: 1, of: 3, carrying: 1 });
    expect(of('VNA_DICOM')).toMatchObject({ selected: 1, of: 2, carrying: 0 });
    expect(of('MWL_DICOM')).toBeUndefined();
  });

  it('says who mends a difference: a step of the fix, a person, or nobody because it does not count', () => {
    expect(mends('no-address')?.by).toBe('fix');
    expect(mends('vip-on-other-adapter')?.by).toBe('person');
    expect(mends('pending-reboot')?.by).toBe('person');
    expect(mends('foreign-address')).toBeNull();
  });
});

describe('what clients see', () => {
  const services = servicesSeen(matrix.blocks, drClients);

  it('is a line a service in the order of the matrix: the VIP apart from the servers', () => {
    expect(services.map((service) => [service.serviceName, service.word])).toEqual([
      ['ICA_WEB', 'fails through the VIP, servers answer directly'],
      ['ICA_DICOM', '1 of 3 direct checks fail'],
      ['VNA_DICOM', 'not played'],
      ['VNA_WEB', 'not played'],
      ['MWL_DICOM', 'not played'],
    ]);
    expect(services[0]?.servers.map((line) => line.rowId)).toEqual(['ICA-APP01', 'ICA-APP02', 'ICA-APP03']);
  });

  it('is never healthy when the VIP was not asked', () => {
    const direct = drClients.filter((line) => line.via === 'server' && line.serviceName === 'ICA_WEB');
    expect(servicesSeen(matrix.blocks, direct)[0]).toMatchObject({ state: 'unknown', word: 'only servers were asked' });
  });

  it('tells a certificate that ends soon, and one that has', () => {
    const line = drClients.find((item) => item.certificate !== null) as DrClient;
    const ending = (days: number): DrClient => ({
      ...line,
      certificate: line.certificate === null ? null : { ...line.certificate, notAfter: moment + days * 86_400_000 },
    });
    expect(certificateWord(ending(200), moment)?.state).toBe('healthy');
    expect(certificateWord(ending(12), moment)?.state).toBe('degraded');
    expect(certificateWord(ending(-1), moment)?.state).toBe('failed');
    expect(certificateWord(ending(-1), moment)?.text).toContain('expired');
    expect([msWord(null), msWord(4.23), msWord(31.2)]).toEqual(['–', '4.2 ms', '31 ms']);
  });
});
