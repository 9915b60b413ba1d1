import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeAppliance } from '#engine/practice-site/world/index';
import { has, run, type Ran } from './clients';
import { openSite, type OpenSite } from './site';

describe.skipIf(!has('curl'))(
  'curl against the WebUI and the API of a practice appliance (skipped without curl)',
  () => {
    let open: OpenSite;
    beforeAll(async () => {
      open = await openSite();
    });
    afterAll(() => open.close());
    beforeEach(() =>
      open.site.world.apply((state) =>
        changeAppliance(state, 'lb-practice-1', { version: '8.13.1', pendingRestarts: [] }),
      ),
    );

    const version = (): string => open.site.world.appliance('lb-practice-1').version;
    const web = (path: string, ...args: string[]): Promise<Ran> => {
      const { url, username, password } = open.first.webui;
      return run('curl', ['-sk', '-u', `${username}:${password}`, ...args, url + path]);
    };
    const update = (archive: string, checksum: string): Promise<Ran> =>
      web(
        'config/update.php?mnp=maint&submnp=msu&l=e&action=offline',
        ...['-F', `update_archive=@${archive}`, '-F', `update_checksum=@${checksum}`],
      );

    it('asks for a login', async () => {
      const answer = await run('curl', ['-ski', open.first.webui.url]);
      expect(answer.out).toMatch(/^HTTP\/1\.1 401 [\s\S]*www-authenticate: Basic/i);
    });

    it('says on the overview that an update is available', async () => {
      expect((await web('')).out).toContain('Information: Update 8.13.2 is now available for this appliance.');
    });

    it('installs an offline update, then asks for restarts until they are done', async () => {
      const { archive, checksum } = open.site.archive;
      const page = (await update(archive, checksum)).out;
      expect(page).toContain('Do not navigate away');
      expect(page).toMatch(/Information: Update completed successfully\./);
      expect(version()).toBe('8.13.2');
      for (const service of ['heartbeat', 'haproxy']) {
        expect((await web('')).out).toContain(`name="restart" value="${service}"`);
        await web('config/restart.php?mnp=maint&submnp=mrs', '-d', `restart=${service}`);
      }
      expect((await web('')).out).not.toContain('Restart required');
    });

    it.each([
      ['wrong', '00000000000000000000000000000000\n'],
      ['not a digest', 'hello\n'],
    ])('refuses an update whose checksum is %s, and keeps its version', async (_, text) => {
      const checksum = join(open.folder, 'bad.md5');
      await writeFile(checksum, text);
      expect((await update(open.site.archive.archive, checksum)).out).toContain(
        'The checksum does not match the archive.',
      );
      expect(version()).toBe('8.13.1');
    });

    it('refuses an update while the disk is full', async () => {
      await open.site.fault('lb-practice-1', { kind: 'disk-full' });
      const { archive, checksum } = open.site.archive;
      expect((await update(archive, checksum)).out).toContain('No space left on device');
      await open.site.fault('lb-practice-1', { kind: 'clear' });
      expect(version()).toBe('8.13.1');
    });

    it('refuses an update that arrived damaged', async () => {
      await open.site.fault('lb-practice-1', { kind: 'damaged-upload' });
      const { archive, checksum } = open.site.archive;
      expect((await update(archive, checksum)).out).toContain('The checksum does not match the archive.');
      await open.site.fault('lb-practice-1', { kind: 'clear' });
    });

    it('gives a backup as an attachment that holds the configuration', async () => {
      const file = join(open.folder, 'backup.tar.gz');
      const answer = await web('config/backup.php', '-d', 'action=backup_full', '-D', '-', '-o', file);
      expect(answer.out).toMatch(/content-disposition: attachment; filename="backup_lb-practice-1\.tar\.gz"/i);
      expect((await run('tar', ['-xzOf', file, 'lb_config.xml'])).out).toContain('<label>ICA_WEB</label>');
    });

    it('runs several actions of one API body, each with its answer', async () => {
      const { url, username, password, key } = open.first.api;
      const body = JSON.stringify({
        lbcli: [
          { action: 'drain', vip: 'ICA_WEB', rip: 'ICA_WEB2' },
          { action: 'drain', vip: 'NOPE', rip: 'x' },
        ],
      });
      const call = (apiKey: string): Promise<Ran> =>
        run('curl', [
          ...['-sk', '-w', '%{http_code}', '-u', `${username}:${password}`, '-H', `X-LB-APIKEY: ${apiKey}`],
          ...['-H', 'Content-Type: application/json', '-d', body, url],
        ]);
      expect((await call('wrong')).out).toMatch(/401$/);
      const answer = (await call(Buffer.from(key).toString('base64'))).out;
      expect(answer).toMatch(/200$/);
      expect(JSON.parse(answer.slice(0, -3))).toEqual({
        lbapi: [
          [
            { itteration: [{ lbcli: [{ action: 'drain', vip: 'ICA_WEB', rip: 'ICA_WEB2', status: 'success' }] }] },
            { itteration: [{ lbcli: [{ action: 'drain', vip: 'NOPE', rip: 'x', status: 'missing' }] }] },
          ],
        ],
      });
    });
  },
);
