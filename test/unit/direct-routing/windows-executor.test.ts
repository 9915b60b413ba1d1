import { describe, expect, it } from 'vitest';
import { composeScript } from '#engine/windows/index';
import {
  createWindowsExecutor,
  type ExecuteOutput,
  type ExecuteRequest,
} from '#engine/practice-site/windows-model/index';
import { loopbackRef, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { untouchedServer } from './windows-fixtures';

function host(initial: WindowsNetworkState = untouchedServer()) {
  let state = initial;
  const executor = createWindowsExecutor({
    read: () => state,
    write: (next) => {
      state = next;
    },
    clock: { wait: () => Promise.resolve() },
    faults: () => ({}),
  });
  const run = async (request: Partial<ExecuteRequest>) => {
    const outputs: ExecuteOutput[] = [];
    const whole: ExecuteRequest = {
      kind: 'powershell',
      commandLine: '',
      stdin: '',
      user: 'Administrator',
      signal: new AbortController().signal,
      ...request,
    };
    for await (const output of executor.execute(whole)) outputs.push(output);
    const text = (stream: string) =>
      outputs.map((output) => ('stream' in output && output.stream === stream ? output.data : '')).join('');
    return { stdout: text('stdout'), stderr: text('stderr'), exitCode: outputs.at(-1) };
  };
  return { run, state: () => state };
}

const install: WindowsOperation = { operation: 'ensure-device', input: { name: 'loopback' } };

describe('a practice Windows server', () => {
  it('acts on a script of the product', async () => {
    const server = host();
    const answer = await server.run({ script: composeScript([install]) });
    expect(answer.exitCode).toEqual({ exitCode: 0 });
    expect(answer.stdout.trim().split('\r\n').at(-1)).toBe('{"event":"done"}');
    expect(server.state().adapters.map((adapter) => adapter.hardwareId)).toContain('*MSLOOP');
  });

  it('does not act on a script that differs in one character', async () => {
    const server = host();
    const answer = await server.run({ script: composeScript([install]).replace('Version 2', 'Version 3') });
    expect(answer.exitCode).toEqual({ exitCode: 1 });
    expect(answer.stderr).toContain('#< CLIXML');
    expect(server.state()).toEqual(untouchedServer());
  });

  it('refuses an adapter that is not there, and stops', async () => {
    const server = host();
    const dns: WindowsOperation = { operation: 'dns', input: { adapter: loopbackRef(null), register: false } };
    const answer = await server.run({ script: composeScript([dns, install]) });
    expect(answer.exitCode).toEqual({ exitCode: 1 });
    expect(answer.stdout).toContain('adapter_not_found');
    expect(server.state()).toEqual(untouchedServer());
  });

  it('answers what people try first', async () => {
    const server = host();
    expect((await server.run({ kind: 'cmd', commandLine: 'hostname' })).stdout).toBe('ICA-APP02\r\n');
    expect((await server.run({ kind: 'cmd', commandLine: 'exit 7' })).exitCode).toEqual({ exitCode: 7 });
    expect((await server.run({ script: '$PSVersionTable.PSVersion' })).stdout).toContain('5      1      17763');
    expect((await server.run({ kind: 'cmd', commandLine: 'ipconfig /all' })).stdout).toContain('192.168.100.111');
    expect((await server.run({ kind: 'cmd', commandLine: 'frob' })).exitCode).toEqual({ exitCode: 1 });
  });
});
