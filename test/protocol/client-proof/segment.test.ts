import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askHere } from '#engine/direct-routing/index';

/** A real segment: this computer on a bridge with two hosts that live in network namespaces of their own. */

const id = `${process.pid}`.slice(-6);
const bridge = `ekb${id}`;
const hosts = [1, 2].map((number) => ({ name: `ekh${number}-${id}`, link: `ek${number}${id}` }));
const net = '198.18.77';
const net6 = 'fd4a:77:77:77';
const run = (...args: readonly string[]): string => execFileSync('ip', args, { encoding: 'utf8', stdio: 'pipe' });

function reason(): string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return ' (skipped: needs root on Linux)';
  if (!existsSync('/usr/bin/arping')) return ' (skipped: Debian package iputils-arping is not there)';
  try {
    run('netns', 'add', `ekt-${id}`);
    run('netns', 'del', `ekt-${id}`);
    return '';
  } catch {
    return ' (skipped: no network namespaces here)';
  }
}
const why = reason();
const noNdisc6 = existsSync('/usr/bin/ndisc6') ? '' : ' (skipped: Debian package ndisc6 is not there)';

describe.skipIf(why !== '')(`this computer asks the segment${why}`, () => {
  const macs: string[] = [];
  const { signal } = new AbortController();
  const hold = (host: number, address: string, verb: 'add' | 'del' = 'add'): void => {
    const { name, link } = hosts[host] ?? { name: '', link: '' };
    run('-n', name, 'addr', verb, address, 'dev', link, ...(verb === 'add' && address.includes(':') ? ['nodad'] : []));
  };

  beforeAll(async () => {
    run('link', 'add', bridge, 'type', 'bridge');
    run('addr', 'add', `${net}.1/24`, 'dev', bridge);
    run('-6', 'addr', 'add', `${net6}::1/64`, 'dev', bridge, 'nodad');
    run('link', 'set', bridge, 'up');
    hosts.forEach(({ name, link }, index) => {
      run('netns', 'add', name);
      run('link', 'add', `p${link}`, 'type', 'veth', 'peer', 'name', link, 'netns', name);
      run('link', 'set', `p${link}`, 'master', bridge, 'up');
      run('-n', name, 'link', 'set', link, 'up');
      hold(index, `${net}.${index + 11}/24`);
      hold(index, `${net6}::${index + 11}/64`);
      macs.push(/link\/ether (\S+)/.exec(run('-n', name, 'link', 'show', link))?.[1] ?? '');
    });
    // A bridge forwards once its ports are up.
    for (let turn = 0; turn < 40 && (await askHere(`${net}.12`, signal))?.macs.length !== 1; turn++) await sleep(50);
  });
  afterAll(() => {
    for (const { name } of hosts) execFileSync('ip', ['netns', 'del', name]);
    run('link', 'del', bridge);
  });

  it('hears one host, both hosts that hold the same address, then one again', async () => {
    hold(0, `${net}.100/32`);
    expect(await askHere(`${net}.100`, signal)).toEqual({ macs: [macs[0]], heard: 'all' });
    hold(1, `${net}.100/32`);
    const both = await askHere(`${net}.100`, signal);
    expect([...(both?.macs ?? [])].sort()).toEqual([...macs].sort());
    hold(0, `${net}.100/32`, 'del');
    expect(await askHere(`${net}.100`, signal)).toEqual({ macs: [macs[1]], heard: 'all' });
  });

  it('hears nobody for an address that nobody holds', async () => {
    expect(await askHere(`${net}.200`, signal)).toEqual({ macs: [], heard: 'all' });
  });

  it.skipIf(noNdisc6 !== '')(`hears both hosts that hold the same IPv6 address${noNdisc6}`, async () => {
    hold(0, `${net6}::100/128`);
    hold(1, `${net6}::100/128`);
    const both = await askHere(`${net6}::100`, signal);
    expect(both?.heard).toBe('all');
    expect([...(both?.macs ?? [])].sort()).toEqual([...macs].sort());
  });

  it('cannot tell of a segment on which it does not stand', async () => {
    expect(await askHere('203.0.113.9', signal)).toBeNull();
    expect(await askHere('2001:db8:9::9', signal)).toBeNull();
    expect(await askHere('127.0.0.1', signal)).toBeNull();
  });

  it('ends on the signal', async () => {
    const abort = new AbortController();
    const asked = askHere(`${net}.200`, abort.signal);
    abort.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
