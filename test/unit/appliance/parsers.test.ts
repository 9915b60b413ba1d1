import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvenkeelError } from '#shared/errors';
import { parseCheckLog } from '#engine/appliance/parsers/check-log';
import { parseConfigJson, parseConfigXml } from '#engine/appliance/parsers/config';
import { parseHaproxyStat } from '#engine/appliance/parsers/haproxy-stat';
import { parseHaresources, parseHeartbeatRuns, parseNodeState, parsePeers } from '#engine/appliance/parsers/heartbeat';
import { parseIpvs, parseIpvsNumbers } from '#engine/appliance/parsers/ipvsadm';
import { parseLbcli } from '#engine/appliance/parsers/lbcli';
import {
  interfaceFor,
  parseArping,
  parseDf,
  parseDigest,
  parseMarkFiles,
  parseUpdateNotice,
  parseVersionFile,
} from '#engine/appliance/parsers/system';
import { parseUpdateForm } from '#engine/appliance/parsers/update-form';
import {
  parseMessages,
  parsePrompts,
  saysUpdateCompleted,
  offeredVersion,
} from '#engine/appliance/parsers/webui-messages';
import { fixture } from './read';

describe('answers of lbcli', () => {
  const record = { action: 'drain', vip: 'ICA_WEB', rip: 'ICA_WEB1', status: 'success' };
  it.each([
    ['object', { lbcli: record }],
    ['list', { lbcli: [record] }],
    ['list around', [{ lbcli: [record] }]],
    ['with --method api', { itteration: [{ lbcli: [record] }] }],
    ['over HTTP', { lbapi: [{ itteration: [{ lbcli: [record] }] }] }],
    ['over HTTP, 8.13', { lbapi: [[{ itteration: [{ lbcli: [record] }] }]] }],
  ])('%s', (_name, shape) => {
    for (const text of [JSON.stringify(shape), `\nWarning: slow\n${JSON.stringify(shape, null, 2)}\n`]) {
      expect(parseLbcli(text)).toMatchObject({ status: 'success', records: [record] });
    }
  });

  it('takes the worst status of several and every word in its place', () => {
    expect(parseLbcli('{"lbcli":[{"status":"success"},{"status":"failed"}]}').status).toBe('failed');
    expect(parseLbcli('\n\nCLI: drain web1 web1 completed').status).toBe('success');
    expect(parseLbcli('ICA_WEB already exists').status).toBe('exists');
    expect(parseLbcli('{"lbcli":[{"status":"missing"}]}').status).toBe('missing');
    expect(parseLbcli('{"lbcli":[{"status":"fatal"}]}').status).toBe('fatal');
    expect(parseLbcli('hello').status).toBe('unknown');
  });

  it('lets no password through', () => {
    const parsed = parseLbcli('{"lbcli":[{"status":"success","check_password":"hush","service":{"secret":"hush"}}]}');
    expect(JSON.stringify(parsed)).not.toContain('hush');
  });
});

describe('configuration', () => {
  it('is the same model from XML, without its secrets', () => {
    const config = parseConfigXml(fixture('lb_config.txt'));
    expect(config).toMatchObject({
      version: '8.12.1',
      hostname: 'lb-main-1',
      role: 'primary',
      peerAddress: '192.168.100.12',
      peerHostname: 'lb-main-2',
      floatingAddresses: ['192.168.100.100', '192.168.100.102'],
      pendingRestarts: ['haproxy'],
      quiescent: false,
    });
    expect(config.services.map(({ name, layer, ports, method }) => [name, layer, ports, method])).toEqual([
      ['ICA_WEB', 4, '80,443', 'gate'],
      ['ICA_DICOM', 4, '4444', 'gate'],
      ['PORTAL', 7, '443', 'proxy'],
    ]);
    expect(config.services[0]?.check).toEqual({ type: 'connect', port: 443 });
    expect(config.services[0]?.realServers.map(({ name, wanted }) => [name, wanted])).toEqual([
      ['ICA_WEB1', 'in'],
      ['ICA_WEB2', 'halted'],
      ['ICA_WEB3', 'in'],
      ['ICA_WEB4', 'in'],
    ]);
    expect(config.services[2]?.realServers.at(-1)?.name).toBe('R&D');
    expect(JSON.stringify(config)).not.toContain('must-not-leak');
  });

  it('reads dumpconfig, where one child is an object and an empty element a list', () => {
    const dump = {
      lbcli: [
        {
          action: 'list',
          config: {
            physical: { network: { role: 'slave', hostname: 'b', master: '10.0.0.1', slave: '10.0.0.2' } },
            heartbeat: { vip: [] },
            ldirectord: {
              virtual: {
                label: 'A',
                server: '10.0.0.9',
                ports: '80',
                protocol: 'tcp',
                forwardingmethod: 'masq',
                real: { label: 'R', server: '10.0.0.20', port: [], weight: '0' },
              },
            },
            haproxy: [],
          },
        },
      ],
    };
    const config = parseConfigJson(`\nsome notice\n${JSON.stringify(dump)}`);
    expect(config).toMatchObject({ role: 'secondary', peerAddress: '10.0.0.1', floatingAddresses: [] });
    expect(config.services[0]?.realServers).toEqual([
      { name: 'R', address: '10.0.0.20', port: null, weight: 0, wanted: 'drained' },
    ]);
  });

  it('refuses half a document and one with entities of its own', () => {
    const whole = fixture('lb_config.txt');
    for (const text of [whole.slice(0, -40), '', '<html></html>', `<!DOCTYPE x [<!ENTITY a "b">]>${whole}`]) {
      expect(() => parseConfigXml(text)).toThrow(EvenkeelError);
    }
  });
});

describe('live tables', () => {
  it('ipvsadm: addresses, IPv6, firewall marks, every forwarding word', () => {
    const table = parseIpvs(fixture('ipvsadm-ln.txt'));
    expect(table.map(({ protocol, mark, address, port }) => [protocol, mark, address, port])).toEqual([
      ['TCP', null, '192.168.100.100', 4444],
      ['UDP', null, '192.168.100.103', 514],
      ['TCP', null, 'fd00::100', 443],
      ['FWM', 1, null, null],
      ['FWM', 2, null, null],
    ]);
    expect(table.flatMap(({ destinations }) => destinations.map(({ forward }) => forward))).toEqual([
      'Route',
      'Route',
      'Local',
      'Masq',
      'Route',
      'Tunnel',
      'Route',
    ]);
    expect(table[0]?.destinations[0]).toMatchObject({ weight: 100, activeConnections: 3, inactiveConnections: 12 });
  });

  it('ipvsadm --rate: numbers by destination, with K and M as powers of a thousand', () => {
    const rates = parseIpvsNumbers(fixture('ipvsadm-rate.txt'));
    expect(rates.get('FWM 1 > 192.168.100.110 0')).toMatchObject({ connections: 9, inBytes: 1_100_000 });
    expect(rates.get('FWM 1 > 192.168.100.112 0')?.inBytes).toBe(12_000_000);
    expect(rates.get('TCP 192.168.100.100 4444 > 192.168.100.110 4444')?.connections).toBe(3);
  });

  it('show stat: columns by name, quoted commas, status without what follows', () => {
    const lines = parseHaproxyStat(fixture('haproxy-stat.csv'));
    expect(lines.map(({ server, status }) => `${server} ${status}`)).toEqual([
      'FRONTEND OPEN',
      'PORTAL1 UP',
      'PORTAL2 DOWN',
      'PORTAL3 MAINT',
      'PORTAL4 DRAIN',
      'PORTAL5 UP',
      'BACKEND UP',
    ]);
    expect(lines[2]).toMatchObject({ checkText: 'L4CON Connection refused', currentSessions: 0 });
  });
});

describe('small answers', () => {
  it('version.txt in several forms', () => {
    for (const text of [
      '8.13.2\n',
      'Loadbalancer.org v8.13.2',
      'VERSION="8.13.2"\nbuilt 2024.01.02\n',
      'Enterprise VA Max\n8.13.2 (r1234)\n',
    ]) {
      expect(parseVersionFile(text)).toBe('8.13.2');
    }
    expect(parseVersionFile('none here')).toBeNull();
  });

  it('update_available', () => {
    expect(parseUpdateNotice('""\n')).toBe('');
    expect(parseUpdateNotice('"Update 8.13.2 is <b>now</b> available"\n')).toBe('Update 8.13.2 is now available');
  });

  it('Heartbeat', () => {
    expect(parseNodeState('active\n')).toBe('active');
    expect(parseNodeState('node is Passive')).toBe('passive');
    expect(parseHeartbeatRuns('Heartbeat is stopped on this machine.', 1)).toBe(false);
    expect(parsePeers('lb1 active\nlb2 active\n')).toBe(true);
    expect(parsePeers('lb1 active\ndead dead\n')).toBe(false);
    expect(parsePeers('lb1 active\n')).toBeNull();
    expect(
      parseHaresources(
        '# IPaddr2::10.9.9.9\nlb1 IPaddr2::192.168.100.100/24/eth0 \\\n  IPaddr2::fd00::100/64/eth0\nlb1 IPaddr2::192.168.100.100\n',
      ),
    ).toEqual(['192.168.100.100', 'fd00::100']);
  });

  it('arping: every MAC once, in one spelling', () => {
    expect(parseArping(fixture('arping.txt'))).toEqual(['52:54:00:0a:0b:01', '52:54:00:0a:0b:02']);
    expect(parseArping('ARPING 10.0.0.1\nSent 3 probes\nReceived 0 response(s)')).toEqual([]);
  });

  it('df, digests, firewall marks, interfaces, check log', () => {
    const df = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/mapper/a b 1000 400 600 40% /var\n';
    expect(parseDf(df)).toEqual({ freeBytes: 614_400, totalBytes: 1_024_000 });
    expect(parseDigest(`${'a'.repeat(64)}  /tmp/x\n`, 64)).toBe('a'.repeat(64));
    expect(parseDigest('sha256sum: /tmp/x: No such file or directory', 64)).toBeNull();
    expect([...parseMarkFiles('/etc/rc.d/auto_fwmarks/fwmark-1:a\n/etc/rc.d/auto_fwmarks/fwmark-1:b\n')]).toEqual([
      [1, 'a\nb\n'],
    ]);
    const addresses =
      '1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet 192.168.100.11/24 brd 192.168.100.255 scope global eth0\n3: eth1    inet 10.0.0.1/8 scope global eth1\n';
    expect(interfaceFor(addresses, '192.168.100.100')).toBe('eth0');
    expect(interfaceFor(addresses, '10.200.0.1')).toBe('eth1');
    expect(interfaceFor(addresses, '172.16.0.1')).toBeNull();
    expect(
      parseCheckLog('x check of A1 on SRV failed: refused\ncheck of A1 on SRV failed: timed out\n').get('A1'),
    ).toBe('timed out');
  });
});

describe('WebUI pages', () => {
  const url = 'https://192.168.100.11:9443/lbadmin/config/update.php?action=offline';

  it('finds the update form, which file is which, and what goes along', () => {
    expect(parseUpdateForm(fixture('update-form.txt'), url)).toEqual({
      action: '/lbadmin/config/update.php?mnp=maint&submnp=msu&action=offline_install',
      hidden: { token: 'a"b' },
      archiveField: 'file1',
      checksumField: 'file2',
      submit: { name: 'go', value: 'Upload and Install' },
    });
  });

  it.each([
    ['one file input', (page: string) => page.replace('type="file" id', 'type="text" id')],
    [
      'labels that tell nothing',
      (page: string) => page.replace('<td>Archive</td>', '<td>File</td>').replace('Checksum</label>', 'File</label>'),
    ],
    ['both called checksum', (page: string) => page.replace('<td>Archive</td>', '<td>Checksum</td>')],
    [
      'another host',
      (page: string) => page.replace('action="update.php', 'action="https://elsewhere.invalid/update.php'),
    ],
    ['GET', (page: string) => page.replace('method="post"', 'method="get"')],
    ['one name for both', (page: string) => page.replace('name="file2"', 'name="file1"')],
  ])('refuses a form with %s', (_name, change) => {
    const page = change(fixture('update-form.txt'));
    expect(page).not.toBe(fixture('update-form.txt'));
    expect(() => parseUpdateForm(page, url)).toThrow(expect.objectContaining({ code: 'form_not_understood' }));
  });

  it('takes a checksum of the archive for the checksum', () => {
    const page = fixture('update-form.txt').replace('Checksum</label>', 'Checksum of the archive</label>');
    expect(parseUpdateForm(page, url)).toMatchObject({ archiveField: 'file1', checksumField: 'file2' });
  });

  it('recognises completion, offers and what waits for a restart', () => {
    const page = fixture('update-done.txt');
    expect(saysUpdateCompleted(parseMessages(page))).toBe(true);
    expect(parsePrompts(page)).toEqual([
      { service: 'heartbeat', kind: 'restart', text: 'Restart Heartbeat' },
      { service: 'haproxy', kind: 'reload', text: 'Reload HAProxy' },
    ]);
    expect(
      offeredVersion([
        { kind: 'information', text: 'Information: Update 8.13.2 is now available for this appliance.' },
      ]),
    ).toBe('8.13.2');
  });
});

describe('garbage', () => {
  const parsers: readonly [string, (text: string) => unknown][] = [
    ['lbcli', parseLbcli],
    ['xml', parseConfigXml],
    ['dumpconfig', parseConfigJson],
    ['ipvs', parseIpvs],
    ['rates', parseIpvsNumbers],
    ['show stat', parseHaproxyStat],
    ['haresources', parseHaresources],
    ['peers', parsePeers],
    ['version', parseVersionFile],
    ['notice', parseUpdateNotice],
    ['arping', parseArping],
    ['df', parseDf],
    ['marks', parseMarkFiles],
    ['messages', parseMessages],
    ['prompts', parsePrompts],
    ['form', (text) => parseUpdateForm(text, 'https://a.invalid/')],
  ];
  const pieces = [
    '<config>',
    '</config>',
    '<virtual>',
    '<![CDATA[',
    '&#x41;',
    '{"lbcli":',
    '[',
    ']',
    '}',
    '__proto__',
    'TCP  1.2.3.4:80 wlc\n',
    '  -> ',
    '# pxname,svname,status\n',
    '"',
    ',',
    '\n',
    '<form method=post>',
    '<input type=file name=a>',
    '<div class="message">',
    '\0',
    '%',
    '999999999999999999999',
    '🦴',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((list) => list.join('')),
    fc.json(),
  );

  it.each(parsers)('%s gives a value or an expected error, whatever it is fed', (_name, parse) => {
    fc.assert(
      fc.property(text, (input) => {
        try {
          parse(input);
        } catch (error) {
          expect(error).toBeInstanceOf(EvenkeelError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('survives nesting deeper than the call stack', () => {
    for (const deep of ['<div>'.repeat(50_000), '['.repeat(100_000), '<a>'.repeat(50_000)]) {
      for (const [, parse] of parsers) {
        try {
          parse(deep);
        } catch (error) {
          expect(error).toBeInstanceOf(EvenkeelError);
        }
      }
    }
  });
});
