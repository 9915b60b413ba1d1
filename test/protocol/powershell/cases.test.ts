import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle, visibleState } from '#engine/practice-site/windows-model/index';
import { undoOperations, type WindowsOperation } from '#shared/domain/direct-routing/index';
import { fixOperations } from '#shared/domain/direct-routing/index';
import { cases } from '#test/unit/direct-routing/case-table';
import { differenceIn, judge } from '#test/unit/direct-routing/cases-base';
import { asWindowsHasIt } from './as-windows';
import { byModel, byScript } from './compare';
import { needsPwsh, pwsh } from './pwsh';
import { ResidentPwsh } from './resident';

const read: WindowsOperation = { operation: 'read-state', input: {} };
/** The language mode and the width are those of the process: see the tests over WinRM. */
const ofTheServer = cases.filter(({ server }) => server.languageMode === 'FullLanguage' && server.is64BitProcess);

describe.skipIf(pwsh === null)(
  `every case of a server, with the real scripts${needsPwsh}`,
  { timeout: 180_000 },
  () => {
    let shell: ResidentPwsh;
    beforeAll(async () => {
      shell = await ResidentPwsh.start();
    });
    afterAll(async () => {
      await shell.stop();
    });

    it.each(ofTheServer)('$name', async (row) => {
      const server = asWindowsHasIt(settle(row.server));
      const seen = { ...row, server: visibleState(server) };
      const { target, difference } = differenceIn(seen);
      const stopped = typeof judge(seen).plan === 'string';
      const fix = stopped ? [] : fixOperations(target, difference).flatMap((part) => part.operations);
      const done = await byScript(shell, server, [...fix, read]);
      expect(done).toEqual(await byModel(server, [...fix, read]));
      if (fix.length === 0) return;
      const after = done.state;
      const undo = undoOperations(fix, seen.server);
      expect(await byScript(shell, after, [...undo, read])).toEqual(await byModel(after, [...undo, read]));
    });
  },
);
