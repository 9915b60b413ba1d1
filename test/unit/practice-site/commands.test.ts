import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { methodApiAnswer, terminalAnswer, httpAnswer } from '#engine/practice-site/appliance-server/lbcli/index';
import { changeAppliance } from '#engine/practice-site/world/index';
import { testMachine, type TestMachine } from './machine';

let unit: TestMachine;
beforeEach(async () => {
  unit = await testMachine();
});
afterEach(() => unit.dispose());

const out = async (line: string): Promise<string> => (await unit.run(line)).out;
const row = (table: string, address: string): string[] =>
  table
    .split('\n')
    .filter((line) => line.includes(address))
    .map((line) => line.trim().replace(/ +/g, ' '));

describe('ipvsadm', () => {
  it('shows a firewall mark for several ports and the address for one', async () => {
    const table = await out('ipvsadm -Ln');
    expect(table).toContain('FWM  1 wlc persistent 300\n');
    expect(table).toContain('TCP  192.168.100.100:4444 wlc persistent 300\n');
    expect(table).toContain('TCP  [fd4a:7c10:100::100]:443 wlc persistent 300\n');
  });

  it('counts no active connection, and half-open ones, where the fix is missing', async () => {
    const table = await out('ipvsadm -Ln');
    expect(row(table, '192.168.100.110:0')).toEqual(['-> 192.168.100.110:0 Route 100 41 118']);
    expect(row(table, '192.168.100.111:0')).toEqual(['-> 192.168.100.111:0 Route 100 0 37']);
  });

  it('counts no outgoing bytes in Direct Routing', async () => {
    const line = row(await out('ipvsadm -Ln --stats'), '192.168.100.110:4444')[0] ?? '';
    expect(line.split(' ').slice(4)).toEqual(['0', expect.stringMatching(/^\d+[KMG]?$/), '0']);
  });

  it('shows weight 0 after drain, nothing after halt, and weight 100 after online', async () => {
    const dicom1 = async (action: string): Promise<string[]> => {
      await unit.run(`lbcli --action ${action} --vip ICA_DICOM --rip ICA_DICOM1`);
      return row(await out('ipvsadm -Ln'), '192.168.100.110:4444');
    };
    expect(await dicom1('drain')).toEqual(['-> 192.168.100.110:4444 Route 0 6 0']);
    expect(await dicom1('halt')).toEqual([]);
    expect((await dicom1('online'))[0]).toMatch(/Route 100/);
  });

  it('shows the fallback when every real server is halted', async () => {
    for (const rip of ['ICA_V6_1', 'ICA_V6_2']) await unit.run(`lbcli --action halt --vip ICA_WEB_V6 --rip ${rip}`);
    expect(await out('ipvsadm -Ln')).toMatch(/\[::1\]:9081 +Local/);
  });
});

describe('lbcli', () => {
  const record = { action: 'drain', vip: 'web1', rip: 'web1', status: 'success' } as const;

  it('answers in the shape of its version', () => {
    expect(terminalAnswer(record, '8.9.1')).toBe('\n\nCLI: drain web1 web1 completed\n');
    expect(JSON.parse(terminalAnswer(record, '8.13.1'))).toEqual({ lbcli: record });
    expect(JSON.parse(terminalAnswer(record, '8.13.2'))).toEqual([{ lbcli: [record] }]);
    expect(JSON.parse(methodApiAnswer(record, '8.13.1'))).toEqual({ itteration: [{ lbcli: [record] }] });
    expect(httpAnswer([record], '8.13.1')).toEqual({ lbapi: [[{ itteration: [{ lbcli: [record] }] }]] });
    expect(httpAnswer([record], '8.9.1')).toEqual({ lbapi: [{ itteration: [{ lbcli: [record] }] }] });
  });

  it('has exit status 0 when the action failed', async () => {
    const answer = await unit.run('lbcli --action drain --vip NOPE --rip x --method api');
    expect(answer.status).toBe(0);
    expect(answer.out).toContain('"status":"missing"');
  });

  it('adds the services of the guide with its own calls, and the next read shows them', async () => {
    await unit.run(
      'lbcli --action add-vip --layer 4 --vip NEW --ip 192.168.100.105 --ports 80,443 --forwarding gate --protocol tcp',
    );
    await unit.run('lbcli --action edit-vip --vip NEW --check_port 443');
    await unit.run('lbcli --action add-rip --vip NEW --rip NEW1 --ip 192.168.100.110 --weight 100');
    expect(await out('ipvsadm -Ln')).toContain('FWM  2 wlc');
    expect(await out('cat /etc/rc.d/auto_fwmarks/fwmark-2')).toContain('-d 192.168.100.105');
    expect(await out('lbcli --action list --function floatingip')).toContain('192.168.100.105');
  });

  it('keeps the shared address when one of its services is deleted', async () => {
    await unit.run('lbcli --action delete-vip --vip ICA_DICOM');
    expect(await out('cat /etc/ha.d/haresources')).toContain('IPaddr2::192.168.100.100/24/eth0');
  });

  it('does not repeat a password', async () => {
    expect(await out('lbcli --action edit-vip --vip ICA_WEB --check_password hush')).not.toContain('hush');
  });

  it('asks for a restart of haproxy after a layer 7 change, until it is reloaded', async () => {
    const pending = (): readonly string[] => unit.machine.world.appliance('lb-practice-1').pendingRestarts;
    await unit.run('lbcli --action edit-rip --vip PORTAL --rip PORTAL1 --weight 50');
    expect(pending()).toEqual(['haproxy']);
    await unit.run('lbcli --action reload-haproxy');
    expect(pending()).toEqual([]);
  });
});

describe('heartbeat', () => {
  it('moves the floating addresses by hb_standby and hb_takeover', async () => {
    expect(await out('cat /var/log/nodestatus_local')).toBe('active\n');
    await unit.run('hb_standby all');
    expect(await out('cat /var/log/nodestatus_local')).toBe('passive\n');
    await unit.run('hb_takeover');
    expect(await out('cl_status rscstatus')).toBe('all\n');
  });
});

describe('arping', () => {
  it('hears the active unit from the passive one, in the words of iputils', async () => {
    await unit.run('hb_standby');
    expect(await out('arping -I eth0 -c 1 192.168.100.100')).toMatch(
      /^ARPING 192\.168\.100\.100 from 192\.168\.100\.11 eth0\nUnicast reply from 192\.168\.100\.100 \[00:50:56:9C:1E:12\] {2}[\d.]+ms\nSent 1 probes \(1 broadcast\(s\)\)\nReceived 1 response\(s\)\n$/,
    );
  });

  it('hears nobody from the active unit: a host does not hear itself', async () => {
    const answer = await unit.run('arping -I eth0 -c 2 192.168.100.100');
    expect([answer.status, answer.out.includes('Received 0 response(s)')]).toEqual([1, true]);
  });

  it('hears the peer when the pair is active twice', async () => {
    unit.machine.world.apply((state) => changeAppliance(state, 'lb-practice-2', { ha: 'active' }));
    expect(await out('arping -I eth0 -c 1 192.168.100.100')).toContain('00:50:56:9C:1E:12');
  });
});

describe('haproxy', () => {
  it('gives a row for each server with its state', async () => {
    await unit.run('lbcli --action drain --vip PORTAL --rip PORTAL2');
    const csv = await out('echo "show stat" | socat - UNIX-CONNECT:/var/run/haproxy.stat');
    const [head = '', ...rows] = csv.trim().split('\n');
    const status = head.replace('# ', '').split(',').indexOf('status');
    const cells = rows.map((line) => line.split(',')).filter((line) => line[0] === 'PORTAL');
    expect(cells.map((line) => [line[1], line[status]])).toEqual([
      ['FRONTEND', 'OPEN'],
      ['PORTAL1', 'UP'],
      ['PORTAL2', 'DRAIN'],
      ['BACKEND', 'UP'],
    ]);
  });
});

describe('the two-sites estate', () => {
  it('shows the drawn numbers at the moment it opens', async () => {
    const annex = await testMachine('lb-annex-2', 'two-sites');
    const table = (await annex.run('ipvsadm -Ln')).out;
    expect(row(table, '192.168.140.110:11112')).toEqual(['-> 192.168.140.110:11112 Route 100 9 14']);
    expect(row(table, '192.168.140.111:11112')).toEqual([]);
    expect(row(table, '[fd4a:7c10:140::110]:443')).toEqual(['-> [fd4a:7c10:140::110]:443 Route 100 17 41']);
    await annex.dispose();
  });
});
