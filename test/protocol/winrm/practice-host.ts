import { generate } from 'selfsigned';
import type { WinrmTarget } from '#engine/windows/winrm/index';
import {
  startWinrmServer,
  type ExecuteOutput,
  type ExecuteRequest,
  type WinrmFaults,
  type WinrmOperation,
  type WinrmServer,
  type WinrmServerOptions,
} from '#engine/practice-site/winrm-server/index';

export const ACCOUNT = { username: 'Operator', password: 'Grün&<Tag> 42', domain: '' } as const;
export const DOMAIN_ACCOUNT = { username: 'svc-even', password: 'other-Secret-7', domain: 'CLINIC' } as const;
export const LIMITED_ACCOUNT = { username: 'reader', password: 'third', domain: '', administrator: false } as const;

export interface PracticeHost {
  readonly server: WinrmServer;
  readonly faults: WinrmFaults;
  readonly operations: WinrmOperation[];
  readonly requests: ExecuteRequest[];
  readonly http: WinrmTarget;
  readonly https: WinrmTarget;
  readonly cert: string;
}

export async function selfSigned(
  algorithm: 'sha1' | 'sha256' | 'sha384' = 'sha256',
): Promise<{ key: string; cert: string }> {
  const pems = await generate([{ name: 'commonName', value: 'rs1.practice' }], { keySize: 2048, algorithm });
  return { key: pems.private, cert: pems.cert };
}

// One key pair for all hosts of a test file: making one takes a fifth of a second.
let shared: ReturnType<typeof selfSigned> | undefined;

/** A practice host on free ports, with its own certificate and a record of what clients did. */
export async function practiceHost(
  execute: (request: ExecuteRequest) => AsyncIterable<ExecuteOutput>,
  pinnedSha256: (cert: string) => string,
  more: Partial<WinrmServerOptions> = {},
): Promise<PracticeHost> {
  shared ??= selfSigned();
  const { key, cert } = await shared;
  const faults: WinrmFaults = {};
  const operations: WinrmOperation[] = [];
  const requests: ExecuteRequest[] = [];
  const server = await startWinrmServer({
    host: '127.0.0.1',
    http: { port: 0 },
    https: { port: 0, key, cert },
    accounts: [ACCOUNT, DOMAIN_ACCOUNT, LIMITED_ACCOUNT],
    computerName: 'RS1',
    execute: (request) => {
      requests.push(request);
      return execute(request);
    },
    faults,
    onOperation: (operation) => operations.push(operation),
    ...more,
  });
  const auth = { kind: 'ntlm', ...ACCOUNT } as const;
  const http: WinrmTarget = {
    host: '127.0.0.1',
    port: server.httpPort ?? 0,
    scheme: 'http',
    auth,
    operationTimeoutSeconds: 1,
  };
  const https: WinrmTarget = {
    ...http,
    port: server.httpsPort ?? 0,
    scheme: 'https',
    tls: { pinnedSha256: pinnedSha256(cert) },
  };
  return { server, faults, operations, requests, http, https, cert };
}

/** Waits until `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
