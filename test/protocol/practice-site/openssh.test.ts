import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has, OpenSsh, run } from './clients';
import { openSite, type OpenSite } from './site';

const skip = !has('ssh') || !has('sftp') || !has('scp');

describe.skipIf(skip)('OpenSSH’s clients against a practice appliance (skipped without openssh-client)', () => {
  let open: OpenSite;
  let unit: OpenSsh;
  beforeAll(async () => {
    open = await openSite();
    unit = await OpenSsh.open(open.first.ssh);
  });
  afterAll(async () => {
    await unit.close();
    await open.close();
  });

  it('runs a command with a password and gives its output, errors and exit status', async () => {
    const answer = await unit.ssh('cat /etc/loadbalancer.org/version.txt /none; ipvsadm -Ln | head -n 1; exit 3');
    expect(answer.status).toBe(3);
    expect(answer.out).toBe('8.13.1\nIP Virtual Server version 1.2.1 (size=4096)\n');
    expect(answer.err).toContain('cat: /none: No such file or directory');
  });

  it('shows the host key that the endpoints give', async () => {
    const { host, port, hostKeySha256 } = open.first.ssh;
    const scan = await run('ssh-keyscan', ['-p', String(port), host]);
    const blob = Buffer.from(/ssh-ed25519 (\S+)/.exec(scan.out)?.[1] ?? '', 'base64');
    expect(createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')).toBe(hostKeySha256);
  });

  it('shows a drained real server with weight 0 in the next read', async () => {
    await unit.ssh('lbcli --action drain --vip ICA_DICOM --rip ICA_DICOM1 --method api');
    expect((await unit.ssh('ipvsadm -Ln')).out).toMatch(/192\.168\.100\.110:4444 +Route +0 /);
    await unit.ssh('lbcli --action online --vip ICA_DICOM --rip ICA_DICOM1 --method api');
  });

  it('takes a file by scp whose digest on the unit is that of the source', async () => {
    const bytes = randomBytes(6 * 1024 * 1024);
    const file = join(unit.folder, 'upload.bin');
    await writeFile(file, bytes);
    expect((await unit.scp(file, '/var/tmp/upload.bin')).status).toBe(0);
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect((await unit.ssh('sha256sum /var/tmp/upload.bin')).out).toBe(`${digest}  /var/tmp/upload.bin\n`);
  });

  it('resumes an upload by sftp, renames it and reads it back', async () => {
    const bytes = randomBytes(300_000);
    const part = join(unit.folder, 'part');
    const whole = join(unit.folder, 'whole');
    await writeFile(part, bytes.subarray(0, 100_000));
    await writeFile(whole, bytes);
    const back = join(unit.folder, 'back');
    const answer = await unit.sftp(
      `put ${part} /tmp/r.part\nreput ${whole} /tmp/r.part\nrename /tmp/r.part /tmp/r\nget /tmp/r ${back}\nrm /tmp/r\n`,
    );
    expect(answer.status).toBe(0);
    expect((await readFile(back)).equals(bytes)).toBe(true);
    expect((await unit.ssh('ls /tmp/r')).status).toBe(2);
  });

  it('refuses a file while the disk is full, and takes it when it is cleared', async () => {
    const file = join(unit.folder, 'small');
    await writeFile(file, 'text');
    await open.site.fault(open.first.name, { kind: 'disk-full' });
    expect((await unit.scp(file, '/tmp/small')).status).not.toBe(0);
    expect((await unit.ssh('df -Pk /tmp')).out).toContain(' 0 100% ');
    await open.site.fault(open.first.name, { kind: 'clear' });
    expect((await unit.scp(file, '/tmp/small')).status).toBe(0);
  });

  it('damages an upload when asked to', async () => {
    const bytes = randomBytes(50_000);
    const file = join(unit.folder, 'damaged');
    await writeFile(file, bytes);
    await open.site.fault(open.first.name, { kind: 'damaged-upload' });
    await unit.scp(file, '/tmp/damaged');
    await open.site.fault(open.first.name, { kind: 'clear' });
    const { out } = await unit.ssh('sha256sum /tmp/damaged; stat -c %s /tmp/damaged');
    expect(out).toContain('\n50000\n');
    expect(out).not.toContain(createHash('sha256').update(bytes).digest('hex'));
  });

  it('cuts the link after the bytes asked for', async () => {
    const file = join(unit.folder, 'cut');
    await writeFile(file, randomBytes(2_000_000));
    await open.site.fault(open.first.name, { kind: 'cut', afterBytes: 500_000 });
    const answer = await unit.scp(file, '/tmp/cut');
    await open.site.fault(open.first.name, { kind: 'clear' });
    expect(answer.status).not.toBe(0);
    expect(answer.err).toMatch(/reset|closed|lost/i);
    expect(Number((await unit.ssh('stat -c %s /tmp/cut')).out)).toBeLessThan(500_000);
  });

  it('refuses connections, then takes them again on the same port', async () => {
    await open.site.fault(open.first.name, { kind: 'refuse' });
    expect((await unit.ssh('true')).err).toContain('Connection refused');
    await open.site.fault(open.first.name, { kind: 'clear' });
    expect((await unit.ssh('true')).status).toBe(0);
  });

  it('takes a real server out whose check fails, says why, and takes it in again', async () => {
    const fault = { kind: 'failing-check', service: 'ICA_DICOM', realServer: 'ICA_DICOM2' } as const;
    await open.site.fault(open.first.name, fault);
    expect((await unit.ssh('ipvsadm -Ln')).out).not.toContain('192.168.100.111:4444');
    expect((await unit.ssh('cat /var/log/ldirectord.log')).out).toContain(
      'ICA_DICOM2 on ICA-APP02 failed: 4444 refused',
    );
    await open.site.fault(open.first.name, { kind: 'clear' });
    expect((await unit.ssh('ipvsadm -Ln')).out).toContain('192.168.100.111:4444');
  });

  it('does not even greet while it is delayed', async () => {
    await open.site.fault(open.first.name, { kind: 'delay', milliseconds: 600_000 });
    const { host, port } = open.first.ssh;
    const target = `telnet://${host}:${port}`;
    const timedOut = 28;
    const answer = await run('curl', ['-s', '--max-time', '0.5', target]);
    await open.site.fault(open.first.name, { kind: 'clear' });
    expect(answer).toEqual({ status: timedOut, out: '', err: '' });
    expect((await run('curl', ['-s', '--max-time', '2', target])).out).toContain('SSH-2.0-OpenSSH_8.7');
  });

  it('refuses the right password when asked to', async () => {
    await open.site.fault(open.first.name, { kind: 'wrong-credentials' });
    expect((await unit.ssh('true')).err).toContain('Permission denied');
    await open.site.fault(open.first.name, { kind: 'clear' });
  });

  it('lets root in with a key that was uploaded by the WebUI', async () => {
    const key = join(unit.folder, 'id');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const { webui, ssh } = open.first;
    const form = ['-F', `hostname=${open.first.name}`, '-F', 'username=root', '-F', `public_key=@${key}.pub`];
    const login = ['-sk', '-u', `${webui.username}:${webui.password}`];
    const page = await run('curl', [...login, ...form, `${webui.url}config/security.php?action=upload_pub_user`]);
    expect(page.out).toContain('The public key was uploaded.');
    const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
    const args = [...options.flatMap((item) => ['-o', item]), '-i', key, '-p', String(ssh.port), `root@${ssh.host}`];
    expect((await run('ssh', [...args, 'hostname'])).out).toBe('lb-practice-1\n');
  });

  it('is away while it restarts, its peer is active then, and it comes back passive', async () => {
    await unit.ssh('lbcli --action power --function restart');
    await expect.poll(() => open.site.world.appliance('lb-practice-2').ha, { timeout: 5_000 }).toBe('active');
    await expect
      .poll(async () => (await unit.ssh('cat /var/log/nodestatus_local')).out, { timeout: 10_000 })
      .toBe('passive\n');
    await unit.ssh('hb_takeover');
  });

  it('shows another host key when asked to, which OpenSSH refuses', async () => {
    await open.site.fault(open.first.name, { kind: 'changed-host-key' });
    const answer = await unit.ssh('true');
    expect(answer.err).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    expect(open.site.endpoints().appliances[0]?.ssh.hostKeySha256).not.toBe(open.first.ssh.hostKeySha256);
  });
});
