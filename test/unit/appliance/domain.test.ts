import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isApplianceLabel } from '#shared/domain/appliance/labels';
import { compareVersions, formatVersion, isSupportedVersion, parseVersion } from '#shared/domain/versions';

const version = fc.record({
  major: fc.nat(20),
  minor: fc.nat(99),
  patch: fc.nat(99),
  release: fc.nat(9),
});

describe('versions', () => {
  it('orders by number, not by letter', () => {
    const order = ['8.9.1', '8.9.2', '8.9.10', '8.10.0', '8.13.1', '8.13.1-2', '9.0.0'];
    for (let at = 1; at < order.length; at += 1) {
      const [older, newer] = [parseVersion(order[at - 1] ?? ''), parseVersion(order[at] ?? '')];
      expect(older && newer && compareVersions(older, newer)).toBeLessThan(0);
    }
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(version, (value) => {
        expect(parseVersion(formatVersion(value))).toEqual(value);
      }),
    );
  });

  it('supports 8.9.1 and newer, and does not guess', () => {
    expect(['8.9.0', '8.9.1', '8.13.2', '7.6.4', 'v8.9.1-2'].map(isSupportedVersion)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
    expect([null, '', 'unknown', '2024'].map(isSupportedVersion)).toEqual([null, null, null, null]);
  });

  it('takes no address for a version', () => {
    expect(parseVersion('192.168.100.11')).toBeNull();
    expect(parseVersion('built 2024.01.02')).toBeNull();
    expect(parseVersion('lb_update.8.13.2-1.lb.tar.gz')).toEqual({ major: 8, minor: 13, patch: 2, release: 1 });
  });
});

describe('labels', () => {
  it.each(['ICA_WEB', 'ICA_WEB1', 'a.b-c', '1'])('allows %s', (text) => expect(isApplianceLabel(text)).toBe(true));
  it.each(['', '-a', '.a', 'a b', "a'b", 'a;b', 'a$b', 'a/b', 'a\n', 'é', 'x'.repeat(65)])('refuses %j', (text) =>
    expect(isApplianceLabel(text)).toBe(false),
  );
});
