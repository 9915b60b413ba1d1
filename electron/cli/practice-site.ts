import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { practiceFault, scenario, type PracticeEndpoints, type PracticeFault } from '#shared/contract/practice';
import { PracticeSite } from '#engine/practice-site/index';

const usage = `Serves the practice site until it is interrupted.

  --json               prints one JSON line with every endpoint, account and identity
  --scenario NAME      guide (default) or two-sites
  --seed N             default 1
  --speed N            how many times faster than real time its clock runs; default 1
  --archive-size MIB   size of the update archive it offers; default 24
  --pwsh PATH          its Windows servers run this PowerShell instead of their model
  --pwsh-module PATH   the module that stands in for the cmdlets of Windows; default that of this project's tests
  --fault UNIT=KIND    refuse, wrong-credentials, changed-host-key, disk-full, damaged-upload,
                       delay:MILLISECONDS, cut:BYTES, slow-reboot:SECONDS, failing-check:SERVICE/REAL_SERVER;
                       of a Windows server also winrm-off, certificate-changed, account-locked, filtered-token,
                       shell-quota, language-mode, addtype-blocked, install-hangs, duplicate-address[:ADDRESS],
                       fail-operation[:OPERATION], hang-operation[:OPERATION],
                       link-lost[:OPERATION[/SECONDS]], reboot[:OPERATION[/SECONDS]];
                       may be given several times
`;

/** `UNIT=KIND[:VALUE]`. Throws when it is not understood. */
function parseFault(text: string): { unitName: string; fault: PracticeFault } {
  const found = /^([^=]+)=([a-z-]+)(?::(.+))?$/.exec(text);
  const [, unitName = '', kind = '', value = ''] = found ?? [];
  const [service, realServer] = value.split('/');
  const operation = value === '' ? {} : { operation: service };
  const incident = { ...operation, ...(realServer === undefined ? {} : { seconds: Number(realServer) }) };
  const values: Record<string, object> = {
    delay: { milliseconds: Number(value) },
    cut: { afterBytes: Number(value) },
    'slow-reboot': { seconds: Number(value) },
    'failing-check': { service, realServer },
    'duplicate-address': value === '' ? {} : { address: value },
    'fail-operation': operation,
    'hang-operation': operation,
    'link-lost': incident,
    reboot: incident,
  };
  return { unitName, fault: practiceFault.parse({ kind, ...values[kind] }) };
}

function table(endpoints: PracticeEndpoints): string {
  const lines = endpoints.appliances.flatMap((unit) => [
    unit.name,
    `  SSH    ssh -p ${unit.ssh.port} ${unit.ssh.username}@${unit.ssh.host}   password ${unit.ssh.password}`,
    `         host key SHA256:${unit.ssh.hostKeySha256}`,
    `  WebUI  ${unit.webui.url}   ${unit.webui.username} / ${unit.webui.password}`,
    `  API    ${unit.api.url}   ${unit.api.username} / ${unit.api.password}   key ${unit.api.key}`,
  ]);
  const servers = endpoints.windows.flatMap((unit) => [
    unit.name,
    `  WinRM  ${unit.https.url}   ${unit.http.url}   ${unit.username} / ${unit.password}`,
  ]);
  return [...lines, ...servers, ''].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      scenario: { type: 'string', default: 'guide' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      'archive-size': { type: 'string' },
      pwsh: { type: 'string' },
      'pwsh-module': { type: 'string', default: 'test/powershell/EvenkeelStandIn.psm1' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const faults = values.fault.map(parseFault);
  const stop = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-practice-'));
  try {
    const site = await PracticeSite.open({
      scenario: scenario.parse(values.scenario),
      seed: Number(values.seed),
      speed: Number(values.speed),
      folder,
      signal: stop.signal,
      ...(values.pwsh === undefined ? {} : { pwsh: { program: values.pwsh, module: resolve(values['pwsh-module']) } }),
      ...(values['archive-size'] === undefined ? {} : { archiveBytes: Number(values['archive-size']) * 1024 * 1024 }),
    });
    for (const item of faults) await site.fault(item.unitName, item.fault);
    const endpoints = site.endpoints();
    process.stdout.write(values.json ? `${JSON.stringify(endpoints)}\n` : table(endpoints));
    if (!values.json) process.stdout.write(`Update archive: ${site.archive.archive}\nEnd with Ctrl+C.\n`);
    await interrupted;
    await site.close();
  } finally {
    stop.abort();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
