import { Shell, type CommandImplementation, type ShellFiles } from '../shell/index';
import { lbcliTool } from '../lbcli/index';
import type { Machine } from '../machine';
import { arpingTool } from './arping';
import { digestTools } from './digests';
import { fileTools } from './file-tools';
import { socatTool } from './haproxy-stat';
import { heartbeatTools } from './heartbeat';
import { ipvsadmTool } from './ipvsadm';
import { systemTools } from './system-tools';
import { textTools } from './text-tools';

/**
 * A shell on a practice appliance. One for each command that a client runs. `own` are commands that take the place of
 * the modelled ones.
 */
export function shellOf(
  machine: Machine,
  signal: AbortSignal,
  own: ReadonlyMap<string, CommandImplementation> = new Map(),
): Shell {
  const { files } = machine;
  const commands = new Map<string, CommandImplementation>([
    ...systemTools(machine, files),
    ...textTools(files),
    ...fileTools(files, machine.faults),
    ...digestTools(files),
    ...heartbeatTools(machine),
    ipvsadmTool(machine),
    socatTool(machine),
    arpingTool(machine),
    lbcliTool(machine),
    ...own,
  ]);
  return new Shell(commands, shellFiles(machine), signal);
}

function shellFiles(machine: Machine): ShellFiles {
  const { files } = machine;
  return {
    matching: (pattern) => files.matching(pattern),
    read: (path) => files.source(path),
    write: async (path, append) => {
      files.checkSpace();
      const handle = await files.open(path, append ? 'a' : 'w');
      return {
        write: async (chunk) => {
          await handle.write(Buffer.from(chunk));
        },
        close: () => handle.close(),
      };
    },
  };
}
