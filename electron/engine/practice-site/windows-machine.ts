import type { WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { FaultBook } from './faults';
import { createPwshExecutor, type PwshOptions } from './pwsh-executor/index';
import { machineFaults } from './windows-faults';
import { createWindowsExecutor, type DeadMan } from './windows-model/index';
import type { ExecuteCommand } from './winrm-server/index';
import { changeWindows, type PracticeWorld } from './world/index';

/** What is behind the WinRM endpoint of a practice server. */
export interface WindowsMachine {
  readonly execute: ExecuteCommand;
  powerOff(): void;
  powerOn(): void;
}

/** A real PowerShell for practice servers, and the folder of one of them. */
export interface MachinePwsh extends PwshOptions {
  readonly folder: string;
}

const noDeadMen: readonly DeadMan[] = [];

/** The Windows server as the world has it: modelled, or with a real PowerShell and stand-ins of the Windows cmdlets. */
export function windowsMachine(
  name: string,
  world: PracticeWorld,
  faults: FaultBook,
  onBegin: (operation: WindowsOperation) => void,
  pwsh: MachinePwsh | undefined,
): WindowsMachine {
  const network = {
    read: () => ({ ...world.windowsHost(name).network, readAt: Date.now() }),
    write: (next: ReturnType<PracticeWorld['windowsHost']>['network']) =>
      world.apply((state) => changeWindows(state, name, { network: next })),
  };
  const model = createWindowsExecutor({
    ...network,
    deadMen: {
      read: () => world.windowsHost(name).deadMen ?? noDeadMen,
      // None is as never any.
      write: (all) => {
        const deadMen = all.length === 0 ? undefined : all;
        world.apply((state) => changeWindows(state, name, { deadMen }));
      },
    },
    clock: world.clock,
    faults: () => machineFaults(faults),
    onBegin,
  });
  const execute: ExecuteCommand = (request) =>
    model.execute({ ...request, stdin: request.stdin.toString('utf8'), user: request.user.username });
  if (pwsh === undefined) return { execute, powerOff: () => model.powerOff(), powerOn: () => model.powerOn() };
  const real = createPwshExecutor({
    ...network,
    options: pwsh,
    folder: pwsh.folder,
    faults: () => machineFaults(faults),
    other: execute,
  });
  return {
    execute: (request) => real.execute(request),
    powerOff: () => {
      real.powerOff();
      model.powerOff();
    },
    powerOn: () => {
      real.powerOn();
      model.powerOn();
    },
  };
}
