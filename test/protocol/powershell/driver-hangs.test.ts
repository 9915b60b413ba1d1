import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settle } from '#engine/practice-site/windows-model/index';
import { composeScript } from '#engine/windows/compose';
import { loopbackRef, type WindowsOperation } from '#shared/domain/direct-routing/operations';
import { untouchedServer } from '#test/unit/direct-routing/windows-fixtures';
import { eventsOf, keptState } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const install: WindowsOperation = { operation: 'ensure-device', input: { name: 'loopback' } };
const remove: WindowsOperation = { operation: 'remove-device', input: { adapter: loopbackRef(null) } };

describe.skipIf(pwsh === null)(`a driver that never answers${needsPwsh}`, { timeout: 120_000 }, () => {
  let shell: ResidentPwsh;
  beforeEach(async () => {
    shell = await ResidentPwsh.start();
  });
  afterEach(async () => {
    await shell.stop();
  });
  const run = async (operation: WindowsOperation, state?: object) => {
    const ran = await shell.run(composeScript([operation]).replaceAll('-Seconds 120', '-Seconds 2'), state);
    expect(ran.errors).toBe('');
    const events = eventsOf(ran.stdout);
    return {
      changed: events.flatMap((event) => (event.event === 'result' ? event.changed : [])),
      last: events.at(-1),
      after: ran.state,
    };
  };
  const hung = async () => {
    const { last, after } = await run(install, { ...settle(untouchedServer()), standIn: { installHangs: true } });
    expect(last).toMatchObject({ event: 'error', code: 'install_timeout' });
    expect(after).toMatchObject({ standInDevices: ['ROOT\\NET\\0000'] });
    return keptState(after);
  };
  const driverless = { standInDevices: ['ROOT\\NET\\0000'] };

  it('leaves a device without one, which taking back removes', async () => {
    const state = await hung();
    const first = await run(remove, { ...state, ...driverless });
    expect(first).toMatchObject({ changed: ['removed ROOT\\NET\\0000'], after: { standInDevices: [] } });
    expect((await run(remove)).changed).toEqual([]);
  });

  it('is no obstacle for the next install', async () => {
    const { changed, after } = await run(install, { ...(await hung()), ...driverless });
    expect(changed).toEqual(['removed ROOT\\NET\\0000', 'installed ROOT\\NET\\0000']);
    expect(keptState(after).adapters).toHaveLength(2);
    // It works: what comes later is not ours.
    expect((await run(remove)).changed).toEqual(['removed ROOT\\NET\\0000']);
    const strange = await run(remove, { ...settle(untouchedServer()), ...driverless });
    expect(strange).toMatchObject({ changed: [], after: driverless });
  });

  it('of somebody else stays', async () => {
    const { changed, after } = await run(remove, { ...settle(untouchedServer()), ...driverless });
    expect(changed).toEqual([]);
    expect(after).toMatchObject(driverless);
  });
});
