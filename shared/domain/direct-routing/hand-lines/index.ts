import type { WindowsNetworkState } from '../../windows/network-state';
import type { Difference } from '../difference';
import { loopbackName, type PhaseOperations } from '../fix-operations';
import type { WindowsOperation } from '../operations';
import { undoOperations } from '../undo';
import { contextAfter, contextOf, type HandContext } from './context';
import { netshLines } from './netsh';
import { netbiosLines, powershellLines } from './powershell';

/** The same change as lines to type at the server, in the guide's two ways (section 6.2.1), with the real names. */
export interface HandLines {
  /** For a command prompt with administrator rights. */
  readonly netsh: string;
  /** For PowerShell with administrator rights. */
  readonly powershell: string;
}

export function handLines(parts: readonly PhaseOperations[], difference: Difference): HandLines {
  const operations = parts.flatMap((part) => part.operations);
  return linesOf(operations, contextOf(difference.state, loopbackName));
}

/** What takes the same change back, from the state before it. */
export function handUndo(done: readonly WindowsOperation[], before: WindowsNetworkState): HandLines {
  return linesOf(undoOperations(done, before), contextAfter(done, before, loopbackName));
}

function linesOf(operations: readonly WindowsOperation[], context: HandContext): HandLines {
  const netsh = operations.flatMap((operation) => netshLines(operation, context));
  const powershell = [powershellLines, netbiosLines].flatMap((lines) =>
    operations.flatMap((operation) => lines(operation, context)),
  );
  return {
    netsh: netsh.length === 0 ? 'rem Nothing to change.' : netsh.join('\n'),
    powershell: powershell.length === 0 ? '# Nothing to change.' : powershell.join('\n'),
  };
}
