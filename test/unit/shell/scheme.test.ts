import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Only its name is needed: these functions never call it.
vi.mock('electron', () => ({ protocol: {} }));
const { answerFrom } = await import('../../../electron/main/scheme');
const { isForeign, isOwnSender } = await import('../../../electron/main/security');

let outside = '';
let folder = '';
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'evenkeel-scheme-'));
  folder = join(outside, 'renderer');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<title>Evenkeel</title>');
  await writeFile(join(folder, 'assets', 'window.js'), '1');
  await writeFile(join(folder, 'notes.txt'), 'not a type of the window');
  await writeFile(join(outside, 'secret.js'), 'outside');
  await mkdir(join(outside, 'renderer-old'));
  await writeFile(join(outside, 'renderer-old', 'old.js'), 'beside');
});
afterAll(() => rm(outside, { recursive: true }));

const answer = (url: string, init?: RequestInit): Promise<Response> => answerFrom(folder, new Request(url, init));

test('a file of the window is served with its type and the strict policy', async () => {
  const page = await answer('evenkeel://app/');
  expect(page.status).toBe(200);
  expect(await page.text()).toBe('<title>Evenkeel</title>');
  const script = await answer('evenkeel://app/assets/window.js');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('x-content-type-options')).toBe('nosniff');
  const rules = (script.headers.get('content-security-policy') ?? '').split('; ');
  expect(rules).toContain("default-src 'none'");
  expect(rules).toContain("script-src 'self'");
  expect(rules).toContain("frame-ancestors 'none'");
});

test.each([
  'evenkeel://app/../secret.js',
  'evenkeel://app/assets/../../secret.js',
  'evenkeel://app/%2e%2e/secret.js',
  'evenkeel://app/..%2fsecret.js',
  'evenkeel://app/..%5csecret.js',
  'evenkeel://app/..\\secret.js',
  'evenkeel://app/../renderer-old/old.js',
  'evenkeel://app//etc/passwd.js',
  'evenkeel://app/assets/window.js%00.html',
])('nothing outside the window’s folder is served: %s', async (url) => {
  expect((await answer(url)).status).toBe(404);
});

test.each(['evenkeel://app/notes.txt', 'evenkeel://app/absent.js', 'evenkeel://app/index.html/inner.js'])(
  'what is no file of the window has no answer: %s',
  async (url) => {
    expect((await answer(url)).status).toBe(404);
  },
);

test('another host of the scheme and other methods have no answer', async () => {
  expect((await answer('evenkeel://other/index.html')).status).toBe(404);
  expect((await answer('evenkeel://app/index.html', { method: 'POST', body: '1' })).status).toBe(404);
});

test.each([
  ['evenkeel://app/index.html', false],
  ['data:image/png;base64,AA==', false],
  ['blob:evenkeel://app/1d2c', false],
  ['blob:https://elsewhere.test/1d2c', true],
  ['data:text/html,<script>1</script>', true],
  ['evenkeel://app.elsewhere.test/', true],
  ['evenkeel://application/', true],
  ['https://elsewhere.test/', true],
  ['http://127.0.0.1:5985/', true],
  ['file:///etc/passwd', true],
  ['ws://127.0.0.1/', true],
])('the window’s request for %s is blocked: %s', (url, blocked) => {
  expect(isForeign(url)).toBe(blocked);
});

test('only the top frame of the own page is listened to', () => {
  const url = 'evenkeel://app/index.html';
  expect(isOwnSender({ url, parent: null })).toBe(true);
  expect(isOwnSender({ url, parent: { url } })).toBe(false);
  expect(isOwnSender({ url: 'https://elsewhere.test/', parent: null })).toBe(false);
  expect(isOwnSender({ url: 'evenkeel://app.elsewhere.test/', parent: null })).toBe(false);
  expect(isOwnSender({ url: 'about:blank', parent: null })).toBe(false);
  expect(isOwnSender(null)).toBe(false);
});
