import { describe, expect, it } from 'vitest';
import { assembleReading } from '#engine/appliance/index';
import { sectionNames, type SectionName } from '#engine/appliance/read/sections';
import { fixture } from './read';

const nonce = '0123456789abcdef01234567';
const asked = 1_700_000_000_000;

const usual: Record<SectionName, string> = {
  clock: '1700000007\n',
  hostname: 'lb-main-1\n',
  version: '8.12.1\n',
  updateNotice: '"Update 8.13.2 is now available for this appliance."\n',
  config: fixture('lb_config.txt'),
  ipvs: fixture('ipvsadm-ln.txt'),
  ipvsRate: fixture('ipvsadm-rate.txt'),
  firewallMarks:
    '/etc/rc.d/auto_fwmarks/fwmark-1:iptables -t mangle -A PREROUTING -p tcp -d 192.168.100.100 -m multiport --dports 80,443 -j MARK --set-mark 1\n' +
    '/etc/rc.d/auto_fwmarks/fwmark-2:ip6tables -t mangle -A PREROUTING -p tcp -d fd00::100 -m multiport --dports 80,443 -j MARK --set-mark 2\n',
  haproxy: fixture('haproxy-stat.csv'),
  haState: 'active', // no line end: the marker follows on the same line
  heartbeat: 'Heartbeat is running on this machine.\n',
  peers: 'lb-main-1 active\nlb-main-2 active\n',
  haresources: 'lb-main-1 IPaddr2::192.168.100.100/24/eth0 IPaddr2::192.168.100.102/24/eth0\n',
  licence: 'Enterprise R20\n',
  checkLog: 'check of ICA_WEB4 on SRV4 failed: connection refused\n',
};

function answer(change: Partial<Record<SectionName, string | { status: number; text: string }>> = {}): string {
  return sectionNames
    .map((name) => {
      const given = change[name] ?? usual[name];
      const { status, text } = typeof given === 'string' ? { status: 0, text: given } : given;
      return `@${nonce} ${name}\n${text}@${nonce} = ${status}\n`;
    })
    .join('');
}

const read = (text = answer()): ReturnType<typeof assembleReading> =>
  assembleReading(text, { nonce, askedAt: asked, readAt: asked + 1_000 });

describe('assembling a reading', () => {
  it('joins configuration and tables', () => {
    const reading = read();
    expect(reading).toMatchObject({
      via: 'ssh',
      hostname: 'lb-main-1',
      version: '8.12.1',
      updateNotice: 'Update 8.13.2 is now available for this appliance.',
      licence: 'Enterprise R20',
      clockOffsetSeconds: 7,
      ha: { role: 'primary', state: 'active', peerAddress: '192.168.100.12', peerAlive: true },
      pendingRestarts: ['haproxy'],
    });
    expect(reading.ha.floatingAddresses).toEqual(['192.168.100.100', '192.168.100.102']);
    const states = reading.services.map(({ name, onFallback, realServers }) => [
      name,
      onFallback,
      ...realServers.map(
        (real) =>
          `${real.name} ${real.status ?? 'unknown'} ${real.activeConnections ?? '-'} ${real.connectionsPerSecond ?? '-'}`,
      ),
    ]);
    expect(states).toEqual([
      // In Direct Routing a service with several ports is a firewall mark; what is missing there was halted or has failed.
      ['ICA_WEB', false, 'ICA_WEB1 online 40 9', 'ICA_WEB2 halted - -', 'ICA_WEB3 online 2 3', 'ICA_WEB4 failed - -'],
      ['ICA_DICOM', false, 'ICA_DICOM1 online 3 3', 'ICA_DICOM2 drained 1 0'],
      ['PORTAL', false, 'PORTAL1 online 4 2', 'PORTAL2 failed 0 0', 'PORTAL3 halted 0 0', 'R&D unknown - -'],
    ]);
    expect(reading.services[0]?.realServers[3]?.checkText).toBe('connection refused');
    expect(reading.services[2]?.realServers[1]?.checkText).toBe('L4CON Connection refused');
    expect(reading.gaps).toEqual([]);
  });

  it('shows unknown, never healthy, when the table cannot be read', () => {
    const reading = read(
      answer({ ipvs: { status: 127, text: 'sh: ipvsadm: command not found\n' }, haproxy: { status: 1, text: '' } }),
    );
    const states = reading.services.flatMap(({ realServers }) => realServers.map((real) => real.status));
    expect(states).not.toContain('online');
    expect(states).not.toContain('failed');
    expect(reading.gaps).toEqual([
      { section: 'ipvs', reason: 'sh: ipvsadm: command not found' },
      { section: 'haproxy', reason: 'exit status 1' },
    ]);
  });

  it('keeps the rest when one section is garbage', () => {
    const reading = read(answer({ config: '<config><virtual>' }));
    expect(reading).toMatchObject({ version: '8.12.1', services: [], hostname: 'lb-main-1' });
    expect(reading.gaps).toEqual([{ section: 'config', reason: 'not understood' }]);
  });

  it('says what was cut off', () => {
    const whole = answer();
    const reading = read(whole.slice(0, whole.indexOf('FWM  1')));
    expect(reading.services[0]?.realServers[0]?.status).toBeNull();
    expect(reading.gaps).toContainEqual({ section: 'ipvs', reason: 'cut off' });
  });

  it('notices the fallback server and a service that is configured but not running', () => {
    const table = `IP Virtual Server version 1.2.1\nFWM  1 wlc\n  -> 127.0.0.1:9081  Local 1 0 0\n`;
    const reading = read(answer({ ipvs: table }));
    expect(reading.services[0]).toMatchObject({ name: 'ICA_WEB', onFallback: true });
    expect(reading.services[0]?.realServers.map(({ status }) => status)).toEqual([
      'failed',
      'halted',
      'failed',
      'failed',
    ]);
    expect(reading.services[1]).toMatchObject({ name: 'ICA_DICOM', onFallback: null });
    expect(reading.gaps).toContainEqual({ section: 'ipvs', reason: 'ICA_DICOM is configured but not running' });
  });

  it('takes an empty table of a passive unit for nothing known', () => {
    const reading = read(
      answer({
        haState: 'passive\n',
        ipvs: 'IP Virtual Server version 1.2.1\n',
        haproxy: { status: 1, text: 'refused' },
      }),
    );
    expect(reading.services[0]?.realServers.map(({ status }) => status)).toEqual([null, 'halted', null, null]);
    expect(reading.gaps).toEqual([]);
  });

  it('tells weight 0 of a quiescent failure from a drain', () => {
    const config = fixture('lb_config.txt').replace('<quiescent>no', '<quiescent>yes');
    const ipvs = fixture('ipvsadm-ln.txt').replace(
      '192.168.100.112:0            Tunnel  100',
      '192.168.100.112:0            Tunnel  0',
    );
    const [web, dicom] = read(answer({ config, ipvs })).services;
    expect(web?.realServers[2]?.status).toBe('failed');
    expect(dicom?.realServers[1]?.status).toBe('drained');
  });

  it('knows a dead peer', () => {
    expect(read(answer({ peers: { status: 123, text: 'lb-main-1 active\nlb-main-2 dead\n' } })).ha.peerAlive).toBe(
      false,
    );
  });

  it('is not misled by markers of another nonce, and refuses an answer without sections', () => {
    expect(read(answer({ hostname: '@ffffffffffffffffffffffff version\n9.9.9\n' })).version).toBe('8.12.1');
    expect(() => read('This account is currently not available.\n')).toThrow(
      expect.objectContaining({ code: 'answer_not_understood' }),
    );
  });
});
