import type { CommandImplementation } from '../shell/index';
import type { Machine } from '../machine';
import { methodApiAnswer, terminalAnswer } from './answers';
import { runLbcli } from './run';

/** The `lbcli` command. Its exit status is 0 even when the action failed [T]. */
export function lbcliTool(machine: Machine): [string, CommandImplementation] {
  return [
    'lbcli',
    async (call) => {
      const options: Record<string, string> = {};
      for (let at = 0; at < call.args.length; at++) {
        const found = /^--([^=]+)(?:=(.*))?$/s.exec(call.args[at] ?? '');
        if (!found) continue;
        const next = call.args[at + 1];
        const inline = found[2];
        const value = inline ?? (next === undefined || next.startsWith('--') ? '' : next);
        if (inline === undefined && next !== undefined && !next.startsWith('--')) at += 1;
        options[found[1] ?? ''] = value;
      }
      const { version } = machine.world.appliance(machine.unitName);
      const record = runLbcli(machine, options);
      const answer = options['method'] === 'api' ? methodApiAnswer : terminalAnswer;
      await call.out.write(answer(record, version));
      return 0;
    },
  ];
}
