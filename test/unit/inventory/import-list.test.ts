import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importRow } from '#shared/contract/inventory';
import { readImportList, type ImportUnit } from '#engine/inventory/import-list';

const header = 'kind,name,site,host,port,transport,username,domain,tags';
const none = (): boolean => false;

function verdicts(csv: string, known: (unit: ImportUnit) => boolean = none): string[] {
  return readImportList(csv, known).map(({ row }) => `${row.line} ${row.name}: ${row.verdict}, ${row.text}`);
}

describe('a CSV list', () => {
  it('gives every row its verdict, with the line it stands on', () => {
    const csv = [
      header,
      'windows,ICA-APP02,Main hospital,192.168.100.111,5986,https,svc,HOSP,imaging|ica',
      '',
      'appliance,lb-main-1,Main hospital,lb-main-1.hosp.example,,,,,',
      'router,r1,Main hospital,10.0.0.1,,,,,',
      'windows,,Main hospital,10.0.0.1,,,,,',
      'windows,X,Main hospital,10.0.0.1; rm -rf /,,,,,',
      'windows,Y,Main hospital,10.0.0.1,99999,,,,',
      'windows,Z,Main hospital,10.0.0.1,,ftp,,,',
      'windows,ica-app02,Annex,10.0.0.9,,,,,',
    ].join('\n');
    const rows = verdicts(csv);
    expect(rows[0]).toBe('2 ICA-APP02: ok, Can be added. Its login and fingerprint are asked for afterwards.');
    expect(rows[1]).toMatch(/^4 lb-main-1: ok/);
    expect(rows[2]).toBe('5 r1: invalid, kind: kind is neither appliance nor windows');
    expect(rows[3]).toBe('6 : invalid, name: is missing');
    expect(rows[4]).toBe('7 X: invalid, host: is neither a name nor an address');
    expect(rows[5]).toBe('8 Y: invalid, port: is too long or too large');
    expect(rows[6]).toBe('9 Z: invalid, transport: is not understood');
    expect(rows[7]).toBe('10 ica-app02: invalid, This name is in the list twice.');
    expect(readImportList(csv, none)[0]?.unit?.tags).toEqual(['imaging', 'ica']);
  });

  it('may come from a spreadsheet: byte order mark, semicolons, any order of columns', () => {
    const csv = '\ufeffname;host;kind;site\r\nlb-1;10.0.0.1;Appliance;Main hospital\r\n';
    expect(readImportList(csv, none)[0]?.unit).toMatchObject({ kind: 'appliance', name: 'lb-1', port: null });
  });

  it('says what is in the inventory already', () => {
    expect(verdicts(`${header}\nwindows,A,S,10.0.0.1,,,,,`, () => true)).toEqual([
      '2 A: known, This unit is in the inventory already.',
    ]);
  });

  it('is refused as a whole where it is no such list', () => {
    expect(verdicts('')).toEqual(['1 : invalid, The list is empty.']);
    expect(verdicts('name,host\nlb,10.0.0.1')).toEqual(['1 : invalid, The header row lacks kind, site.']);
    expect(verdicts(`${header}\nwindows,"A,S,10.0.0.1`)[0]).toMatch(/invalid, The list is not CSV/);
    expect(verdicts(`${header}\nwindows,${'A'.repeat(9_000)}`)[0]).toMatch(/A row is longer than 8000 characters/);
  });

  it('of more rows than the limit is cut there, and says so', () => {
    const rows = Array.from({ length: 10_050 }, (_, index) => `windows,W${index},S,10.0.0.1,${index + 1},,,,`);
    const read = readImportList([header, ...rows].join('\n'), none);
    expect(read).toHaveLength(10_001);
    expect(read.at(-1)?.row.text).toBe('Only the first 10000 rows are read.');
  });

  it('never breaks off and keeps to the contract, whatever it holds', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('windows', '"', ',', '\n', '=1+1', ';'));
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        for (const { row } of readImportList(`${header}\n${cells.join(',')}`, none)) {
          expect(importRow.safeParse(row).error).toBeUndefined();
        }
      }),
    );
  });
});
