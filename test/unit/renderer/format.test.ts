import { describe, expect, it } from 'vitest';
import { age, ago, bytes, count, duration, percent, plural, rate, shortAge, shortHash } from '../../../renderer/format';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('how values are written', () => {
  it('writes lengths of time as people say them', () => {
    expect(duration(900)).toBe('0.9 s');
    expect(duration(211 * second)).toBe('3 min 31 s');
    expect(duration(120 * second)).toBe('2 min');
  });

  it('writes ages coarsely, and shorter where there is little room', () => {
    expect(ago(36 * second)).toBe('36 s ago');
    expect(age(hour + 55 * minute)).toBe('1 h 55 min');
    expect(shortAge(hour + 55 * minute)).toBe('1 h 55 m');
    expect(shortAge(23 * minute)).toBe('23 m');
    expect(age(6 * 24 * hour)).toBe('6 d');
  });

  it('never shows an age below nothing when clocks differ', () => {
    expect(age(-5 * second)).toBe('0 s');
  });

  it('writes sizes in binary units with three figures', () => {
    expect(bytes(512)).toBe('512 B');
    expect(bytes(18.4 * 1024)).toBe('18.4 KiB');
    expect(bytes(5.67 * 1024 ** 3)).toBe('5.67 GiB');
  });

  it('writes a dash where there is nothing to read, and zero where there is zero', () => {
    expect(count(null)).toBe('–');
    expect(count(0)).toBe('0');
    expect(rate(0)).toBe('0.0');
  });

  it('does not round progress up to done', () => {
    expect(percent(0.999)).toBe('99 %');
  });

  it('says one server and two servers', () => {
    expect(plural(1, 'server')).toBe('1 server');
    expect(plural(2, 'server')).toBe('2 servers');
  });

  it('shortens digests in the middle', () => {
    expect(shortHash('4f9c21d8aaaaaaaaaaaa70be')).toBe('4f9c 21d8 … 70be');
  });
});
