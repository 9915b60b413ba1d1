import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseName, parseArchiveName } from '#shared/domain/updates/archive-name';

describe('the name of an update archive', () => {
  it('tells version and release', () => {
    expect(parseArchiveName('lb_update.8.13.2-1.lb.tar.gz')).toEqual({
      fileName: 'lb_update.8.13.2-1.lb.tar.gz',
      version: '8.13.2',
      release: 1,
      parsed: { major: 8, minor: 13, patch: 2, release: 1 },
    });
  });

  it.each([
    'lb_update.8.13.2.lb.tar.gz',
    'lb_update.8.13-1.lb.tar.gz',
    'lb_update.8.13.2-1.lb.tar.gz.part',
    'lb_update.8.13.2-1.lb.tar.gz (1)',
    'LB_UPDATE.8.13.2-1.lb.tar.gz',
    '../lb_update.8.13.2-1.lb.tar.gz',
    'lb_update.8.13.2-1.lb.tar.gz\n',
    '',
  ])('is not %j', (name) => expect(parseArchiveName(name)).toBeNull());

  it('never throws, whatever the name', () => {
    fc.assert(fc.property(fc.string(), (name) => parseArchiveName(name) === null || name.startsWith('lb_update.')));
  });

  it('is the last part of a path of either kind of system', () => {
    expect(baseName('C:\\Users\\a\\b.gz')).toBe('b.gz');
    expect(baseName('/srv/a/b.gz')).toBe('b.gz');
    expect(baseName('b.gz')).toBe('b.gz');
  });
});
