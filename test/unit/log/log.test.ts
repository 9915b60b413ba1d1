import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog, redact, redactText } from '#engine/log/index';

describe('redaction', () => {
  it.each([
    ['Authorization: Basic bG9hZGJhbGFuY2VyOnNlY3JldA==', 'bG9hZGJhbGFuY2Vy'],
    ['authorization: Negotiate TlRMTVNTUAABAAAAl4II4gAAAAA', 'TlRMTVNTUAAB'],
    ['X: Bearer eyJhbGciOi.ijkl-mnop', 'eyJhbGci'],
    ['curl https://loadbalancer:hunter22@192.168.1.5:9443/', 'hunter22'],
    ['passwd = "hunter22"', 'hunter22'],
    ["password='hun ter22'", 'ter22'],
    ['{"password":"hun\\"ter22","user":"root"}', 'ter22'],
    ['X_LB_APIKEY: hunter22', 'hunter22'],
    ['lbcli --action x --password hunter22 --vip a', 'hunter22'],
    ['<check><passwd>hunter22</passwd></check>', 'hunter22'],
    ['<check_password type="x">hunter22</check_password>', 'hunter22'],
    ['<rsp:Arguments Password="hunter22"/>', 'hunter22'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nhunter22\n-----END OPENSSH PRIVATE KEY-----', 'hunter22'],
    ['-----BEGIN RSA PRIVATE KEY-----\nhunter22 and cut off', 'hunter22'],
  ])('takes the secret out of: %s', (text, secret) => {
    expect(text).toContain(secret);
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain('[removed]');
  });

  it('leaves what is no secret as it is', () => {
    for (const text of [
      'lbcli --action drain --vip ICA_WEB --rip ICA_WEB3',
      'The basic authentication was refused.',
      'Set-NetIPInterface -InterfaceIndex 19 -WeakHostReceive Enabled',
      'https://192.168.1.5:9443/lbadmin/?t=1',
      'SHA-256 91c4e05b',
    ]) {
      expect(redactText(text)).toBe(text);
    }
  });

  it('goes by the names of keys, as deep as values go, and through errors', () => {
    const error = Object.assign(new Error('Basic aHVudGVyMjI=aHVudGVyMjI='), { apiKey: 'hunter22' });
    const clean = redact({
      user: 'root',
      password: 'hunter22',
      options: [{ privateKey: 'hunter22', headers: { Authorization: 'hunter22' } }],
      token: 'hunter22',
      hasPassword: true,
      error: new Error('outer', { cause: error }),
    });
    const text = JSON.stringify(clean);
    expect(text).not.toContain('hunter22');
    expect(text).not.toContain('aHVudGVyMjI');
    expect(clean).toMatchObject({ user: 'root', password: '[removed]', hasPassword: true });
  });

  it('bounds what it gives', () => {
    const wide = redact({ text: 'x'.repeat(100_000), list: Array.from({ length: 10_000 }, () => 'y') });
    expect(JSON.stringify(wide).length).toBeLessThan(12_000);
    interface Ring {
      next?: Ring;
    }
    const ring: Ring = {};
    ring.next = ring;
    expect(JSON.stringify(redact(ring))).toContain('…');
  });
});

describe('the log', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-log-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const lines = async () => (await readFile(join(folder, 'engine.log'), 'utf8')).trim().split('\n');

  it('writes one redacted line an entry, from its level up', async () => {
    const log = createLog({ folder, level: 'info', now: () => 0 });
    log.debug('not this');
    log.info('two\nlines', { password: 'hunter22', unit: 'lb-main-1' });
    log.warn('100 % of %s and %o');
    expect(await lines()).toEqual([
      '1970-01-01T00:00:00.000Z info  two lines {"password":"[removed]","unit":"lb-main-1"}',
      '1970-01-01T00:00:00.000Z warn  100 % of %s and %o',
    ]);
  });

  it('gives unexpected errors an id that finds them again', async () => {
    const log = createLog({ folder, level: 'info', now: () => 7 });
    const id = log.unexpected(new TypeError('x is not a function'), 'overview');
    expect(id).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}$/);
    expect((await lines())[0]).toContain(id);
    expect((await lines())[0]).toContain('x is not a function');
    expect(log.lastError()).toMatchObject({ at: 7, logId: id });
  });

  it('begins a new file at its limit and keeps three old ones', async () => {
    const log = createLog({ folder, level: 'info', maxBytes: 1_000 });
    for (let line = 0; line < 100; line++) log.info('x'.repeat(200));
    expect((await readdir(folder)).sort()).toEqual(['engine.1.log', 'engine.2.log', 'engine.3.log', 'engine.log']);
  });
});
