import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle } from '#engine/practice-site/windows-model/index';
import { composeScript } from '#engine/windows/compose';
import type { WindowsOperation } from '#shared/domain/direct-routing/operations';
import { rightServer } from '#test/unit/direct-routing/windows-fixtures';
import { eventsOf, keptState } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const rule = { name: 'TCP 443', protocol: 'TCP', ports: ['443'], profiles: ['Domain', 'Public'] } as const;
const asHeld = { name: 'Evenkeel TCP 443', protocol: 'TCP', profiles: ['Domain', 'Public'], localPorts: ['443'] };
const open: WindowsOperation = {
  operation: 'firewall',
  input: { remove: [], add: [{ ...rule, ports: [...rule.ports], profiles: [...rule.profiles] }] },
};
const close: WindowsOperation = { operation: 'firewall', input: { remove: [rule.name], add: [] } };

describe.skipIf(pwsh === null)(`a rule of ours that somebody switched off${needsPwsh}`, { timeout: 120_000 }, () => {
  let shell: ResidentPwsh;
  beforeAll(async () => {
    shell = await ResidentPwsh.start();
  });
  afterAll(async () => {
    await shell.stop();
  });
  const run = async (operation: WindowsOperation, state?: object) => {
    const ran = await shell.run(composeScript([operation]), state);
    const changed = eventsOf(ran.stdout).flatMap((event) => (event.event === 'result' ? event.changed : []));
    expect(eventsOf(ran.stdout).at(-1)).toEqual({ event: 'done' });
    return { changed, rules: keptState(ran.state).firewall.allowRules, after: ran.state };
  };

  it('is switched on by the fix, and off again when that is taken back', async () => {
    const on = await run(open, { ...settle(rightServer()), standInOffRules: [asHeld] });
    expect(on.changed).toEqual(['switched on Evenkeel TCP 443']);
    expect(on.rules.map(({ name }) => name)).toContain('Evenkeel TCP 443');
    expect((await run(open)).changed).toEqual([]);
    const off = await run(close);
    expect(off.changed).toEqual(['switched off Evenkeel TCP 443']);
    expect(off.rules.map(({ name }) => name)).not.toContain('Evenkeel TCP 443');
    expect(off.after).toMatchObject({ standInOffRules: [asHeld] });
    expect((await run(close)).changed).toEqual([]);
    expect((await run(open)).changed).toEqual(['switched on Evenkeel TCP 443']);
  });

  it('with other ports is replaced', async () => {
    const off = [{ ...asHeld, localPorts: ['444'] }];
    const { changed, rules, after } = await run(open, { ...settle(rightServer()), standInOffRules: off });
    expect(changed).toEqual(['added Evenkeel TCP 443']);
    expect(rules.at(-1)).toMatchObject({ name: 'Evenkeel TCP 443', localPorts: ['443'] });
    expect(after).toMatchObject({ standInOffRules: [] });
  });
});
