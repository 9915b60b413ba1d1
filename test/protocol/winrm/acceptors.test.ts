import { X509Certificate, createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WinrmError, connect, runPowerShell, type WinrmTarget } from '#engine/windows/winrm/index';
import { FrontPeer, type FrontAccount } from './front-peer';
import { messageRelay, spoil, type MessageRelay } from './message-relay';
import { selfSigned } from './practice-host';
import { startTlsRelay } from './tls-relay';
import { missingModules, temporaryFolder } from './python-peer';

const PASSWORD = 'Grün&<Tag> 42';
const GOOD = { kind: 'ntlm', username: 'svc-even', password: PASSWORD, domain: 'CLINIC' } as const;
const SCRIPT = `# ${'€ü'.repeat(90_000)}`;
const NTSTATUS = { wrongPassword: 0xc000006a, noSuchUser: 0xc0000064 } as const;

/** Where the sealed part of a message begins: after its second head and the four bytes of the signature's length. */
const SEALED = 'application/octet-stream\r\n';
const inSignature = { after: SEALED, skip: 4 + 6 };
const inBody = { after: SEALED, skip: 4 + 16 + 40 };
const LOGIN_REQUESTS = 2;

interface Implementation {
  readonly acceptor: 'gss' | 'samba';
  readonly name: string;
  readonly missing: string | undefined;
  /** Why this implementation cannot judge the channel binding. */
  readonly noBinding: string | undefined;
  /** Accounts that only a directory has. */
  readonly accounts: readonly FrontAccount[];
}

/** The Python modules, and the data and database modules that provisioning a directory uses. */
function missingSamba(): string | undefined {
  const packages = 'python3-samba, samba-ad-provision, samba-dsdb-modules';
  const data = ['/usr/share/samba/setup/ad-schema', '/usr/share/doc/samba-dsdb-modules'];
  if (!data.every((path) => existsSync(path))) return `skipped: ${packages} not installed`;
  return missingModules(['samba.provision', 'samba.gensec'], packages);
}

const IMPLEMENTATIONS: readonly Implementation[] = [
  {
    acceptor: 'gss',
    name: 'gss-ntlmssp',
    missing: missingModules(['gssapi'], 'gss-ntlmssp, python3-gssapi'),
    noBinding: undefined,
    accounts: [],
  },
  {
    acceptor: 'samba',
    name: "Samba's gensec",
    missing: missingSamba(),
    noBinding: 'Samba 4.17 does not look at it',
    accounts: [
      { username: 'svc-even', password: PASSWORD },
      { username: 'to-lock', password: PASSWORD },
      { username: 'disabled', password: PASSWORD, state: 'disabled' },
      { username: 'expired', password: PASSWORD, state: 'expired' },
      { username: 'must-change', password: PASSWORD, state: 'must-change' },
    ],
  },
];

const limits = (): { readonly signal: AbortSignal; readonly deadlineMs: number } => ({
  signal: new AbortController().signal,
  deadlineMs: 30_000,
});

async function failure(work: Promise<unknown>): Promise<WinrmError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof WinrmError) return error;
  throw new Error('It did not fail as it should.', { cause: error });
}

describe.each(IMPLEMENTATIONS)(
  'the whole client at the acceptor of $name',
  ({ acceptor, missing, noBinding, accounts }) => {
    const folder = temporaryFolder();
    const relays: MessageRelay[] = [];
    let peer: Awaited<ReturnType<typeof FrontPeer.start>> | undefined;
    let certificate = '';

    // Provisioning a directory takes seconds: once for all tests of the file.
    beforeAll(async () => {
      if (missing !== undefined) return;
      const pem = await selfSigned();
      certificate = pem.cert;
      const hash = createHash('sha256').update(new X509Certificate(pem.cert).raw).digest();
      peer = await FrontPeer.start(
        {
          acceptor,
          folder: folder.path,
          accounts,
          certificate: folder.file('cert.pem', pem.cert),
          key: folder.file('key.pem', pem.key),
          binding: Buffer.concat([Buffer.from('tls-server-end-point:'), hash]).toString('hex'),
        },
        { NTLM_USER_FILE: folder.file('users', `CLINIC:svc-even:${PASSWORD}\n`) },
      );
    }, 120_000);
    afterEach(async () => {
      await Promise.all(relays.splice(0).map((relay) => relay.close()));
    });
    afterAll(async () => {
      await peer?.close();
      folder.remove();
    });

    function front(): NonNullable<typeof peer> {
      if (peer === undefined) throw new Error('The front does not run.');
      return peer;
    }
    function target(scheme: 'http' | 'https', auth: Partial<typeof GOOD> | Record<string, string> = {}): WinrmTarget {
      return {
        host: '127.0.0.1',
        port: front().ports[scheme],
        scheme,
        auth: { ...GOOD, ...auth },
        ...(scheme === 'https' && { tls: { pinnedSha256: new X509Certificate(certificate).fingerprint256 } }),
      };
    }
    async function through(change: Parameters<typeof messageRelay>[1]): Promise<WinrmTarget> {
      const relay = await messageRelay(front().ports.http, change);
      relays.push(relay);
      return { ...target('http'), port: relay.port };
    }

    it.skipIf(missing)(
      `the right password: a script of 360 kB and its output, sealed both ways ${missing ?? ''}`,
      async () => {
        const result = await runPowerShell(target('http'), SCRIPT, limits());
        expect(Buffer.from(result.stdout.trim(), 'base64').toString('utf8') === SCRIPT).toBe(true);
        expect(result).toMatchObject({ exitCode: 0, shellMayRemain: false });
        expect(await front().look()).toEqual({ shells: 0, refused: [] });
      },
    );

    it.skipIf(missing)(`the right password over HTTPS, bound to the channel ${missing ?? ''}`, async () => {
      const result = await runPowerShell(target('https'), 'Get-Date', limits());
      expect(Buffer.from(result.stdout.trim(), 'base64').toString('utf8')).toBe('Get-Date');
      expect(await front().look()).toEqual({ shells: 0, refused: [] });
    });

    it.skipIf(missing).each([
      ['password', { password: 'Gruen&<Tag> 42' }, NTSTATUS.wrongPassword],
      ['user', { username: 'somebody' }, NTSTATUS.noSuchUser],
      ['domain', { domain: 'ELSEWHERE' }, undefined],
    ])(`the wrong %s is refused ${missing ?? ''}`, async (what, wrong, status) => {
      const error = await failure(connect(target('http', wrong), limits()));
      expect(error.kind).toBe('login-refused');
      expect(`${error.message} ${error.stack ?? ''}`).not.toContain(PASSWORD);
      const { refused } = await front().look();
      expect(refused).toMatchObject([{ refused: 'login' }]);
      if (acceptor === 'samba' && status !== undefined) {
        expect(refused).toEqual([{ refused: 'login', status }]);
        expect(error.wsmanCode).toBe(what === 'password' ? 1326 : 1317);
      }
    });

    it.skipIf(missing ?? noBinding)(
      `a channel that is not the one of TLS is refused ${missing ?? noBinding ?? ''}`,
      async () => {
        // Another host's certificate is pinned: what an attacker in the middle would show.
        const other = await selfSigned();
        const relay = await startTlsRelay(front().ports.https, other);
        relays.push(relay);
        const pinned = { pinnedSha256: new X509Certificate(other.cert).fingerprint256 };
        const error = await failure(connect({ ...target('https'), port: relay.port, tls: pinned }, limits()));
        expect(error).toMatchObject({ kind: 'login-refused', httpStatus: 401 });
        expect(error.advice).toContain('CbtHardeningLevel');
        expect((await front().look()).refused).toMatchObject([{ refused: 'login' }]);
      },
    );

    it.skipIf(missing).each([
      ['signature', inSignature],
      ['body', inBody],
    ])(`a request whose %s was changed on its way is refused by the host ${missing ?? ''}`, async (_what, place) => {
      const relayed = await through({
        request: (message, n) => [n === LOGIN_REQUESTS ? spoil(message, place) : message],
      });
      const error = await failure(runPowerShell(relayed, 'Get-Date', limits()));
      expect(error).toMatchObject({ kind: 'protocol', httpStatus: 400 });
      expect(await front().look()).toMatchObject({ shells: 0, refused: [{ refused: 'message' }] });
    });

    it.skipIf(missing).each([
      ['signature', inSignature],
      ['body', inBody],
    ])(`a reply whose %s was changed on its way is refused by the client ${missing ?? ''}`, async (_what, place) => {
      // The reply to Command: the shell is open and must not be left behind.
      const relayed = await through({
        reply: (message, n) => [n === LOGIN_REQUESTS + 1 ? spoil(message, place) : message],
      });
      const error = await failure(runPowerShell(relayed, 'Get-Date', limits()));
      expect(error).toMatchObject({ kind: 'protocol', shellMayRemain: false });
      expect(error.message).toContain('signature');
      expect((await front().look()).shells).toBe(0);
    });

    it.skipIf(missing)(
      `a request that is sent once more by somebody else is refused by the host ${missing ?? ''}`,
      async () => {
        let answered = 0;
        const relayed = await through({
          request: (message, n) => (n === LOGIN_REQUESTS ? [message, message] : [message]),
          // The client gets the first answer only: it never learns of the second.
          reply: (message, n) => {
            answered = n;
            return n === LOGIN_REQUESTS + 1 ? [] : [message];
          },
        });
        const connection = await connect(relayed, limits());
        await connection.shell(limits());
        await expect.poll(() => answered).toBe(LOGIN_REQUESTS + 1);
        expect((await front().look()).refused).toMatchObject([{ refused: 'message' }]);
        expect(await connection.close()).toBe('closed');
        expect((await front().look()).shells).toBe(0);
      },
    );

    it.skipIf(missing)(
      `a reply that is repeated for another request is refused by the client ${missing ?? ''}`,
      async () => {
        let first: Buffer | undefined;
        const relayed = await through({
          reply: (message, n) => {
            if (n === LOGIN_REQUESTS) first = message;
            return [n === LOGIN_REQUESTS + 1 ? (first ?? message) : message];
          },
        });
        const error = await failure(runPowerShell(relayed, 'Get-Date', limits()));
        expect(error).toMatchObject({ kind: 'protocol', shellMayRemain: false });
        expect(error.message).toContain('signature');
        expect((await front().look()).shells).toBe(0);
      },
    );

    it.skipIf(missing)(`the last message of a login does not open a second connection ${missing ?? ''}`, async () => {
      let stolen: Buffer | undefined;
      const relayed = await through({
        request: (message, n) => {
          if (n === 1) stolen = message;
          return [message];
        },
      });
      await (await connect(relayed, limits())).close();
      const again = await through({ request: (message, n) => [n === 1 && stolen ? stolen : message] });
      expect(await failure(connect(again, limits()))).toMatchObject({ kind: 'login-refused' });
      expect((await front().look()).refused).toMatchObject([{ refused: 'login' }]);
    });

    if (acceptor !== 'samba') return;
    describe('accounts of a directory', () => {
      it.skipIf(missing).each([
        ['disabled', 1331, 'disabled'],
        ['expired', 1793, 'expired'],
        ['must-change', 1907, 'must be changed'],
      ])(`%s, by the number that Samba gives ${missing ?? ''}`, async (username, code, advice) => {
        const error = await failure(connect(target('http', { username }), limits()));
        expect(error).toMatchObject({ kind: 'login-refused', wsmanCode: code });
        expect(error.advice).toContain(advice);
      });

      it.skipIf(missing)(`locked after three wrong passwords ${missing ?? ''}`, async () => {
        for (let n = 0; n < 3; n++)
          await failure(connect(target('http', { username: 'to-lock', password: 'wrong' }), limits()));
        const error = await failure(connect(target('http', { username: 'to-lock' }), limits()));
        expect(error).toMatchObject({ kind: 'login-refused', wsmanCode: 1909 });
        expect(error.advice).toContain('locked');
      });
    });
  },
);
