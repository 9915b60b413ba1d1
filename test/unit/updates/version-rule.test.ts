import { describe, expect, it } from 'vitest';
import { parseArchiveName } from '#shared/domain/updates/archive-name';
import { isSameVersion, updateRule } from '#shared/domain/updates/version-rule';

const rule = (installed: string | null, archive: string): string => {
  const name = parseArchiveName(`lb_update.${archive}.lb.tar.gz`);
  return name ? updateRule(installed, name.parsed) : 'no name';
};

describe('may the archive go onto the unit', () => {
  it.each([
    ['8.13.1', '8.13.2-1', 'newer'],
    ['8.9.1', '8.13.2-1', 'newer'],
    ['8.9.10', '8.13.2-1', 'newer'],
    ['8.13.2', '8.13.2-1', 'same'],
    ['8.13.2-1', '8.13.2-1', 'same'],
    ['8.13.2-1', '8.13.2-2', 'newer'],
    ['8.13.2-2', '8.13.2-1', 'downgrade'],
    ['8.13.10', '8.13.9-4', 'downgrade'],
    ['9.0.0', '8.13.2-1', 'downgrade'],
    ['8.9.0', '8.13.2-1', 'unsupported'],
    [null, '8.13.2-1', 'unreadable'],
    ['no version here', '8.13.2-1', 'unreadable'],
  ])('%s with %s: %s', (installed, archive, expected) => expect(rule(installed, archive)).toBe(expected));

  it('compares texts by their three numbers', () => {
    expect(isSameVersion('8.13.2-1', '8.13.2')).toBe(true);
    expect(isSameVersion('8.13.2', '8.13.1')).toBe(false);
    expect(isSameVersion(null, null)).toBe(false);
  });
});
