import type { PracticeFault } from '#shared/contract/practice';
import type { WindowsOperation } from '#shared/domain/direct-routing/operations';
import type { FaultBook } from './faults';
import type { WindowsFaults } from './windows-model/index';
import type { WinrmFaults } from './winrm-server/index';

/** Faults of the machine itself, as the practice site has them in its book. */
export function machineFaults(book: FaultBook): WindowsFaults {
  const fails = book.find('fail-operation');
  const hangs = book.find('hang-operation');
  const duplicate = book.find('duplicate-address');
  return {
    constrainedLanguage: book.find('language-mode') !== null,
    addTypeBlocked: book.find('addtype-blocked') !== null,
    installHangs: book.find('install-hangs') !== null,
    ...(duplicate !== null && { conflicts: duplicate.address === undefined ? 'any' : [duplicate.address] }),
    ...(fails !== null && {
      failOperation: { operation: fails.operation ?? 'any', message: 'A fault that was asked for.' },
    }),
    ...(hangs !== null && { hangOperation: hangs.operation ?? 'any' }),
  };
}

/** Sets the faults of the WinRM service to those of the book. */
export function setWinrmFaults(winrm: WinrmFaults, book: FaultBook): void {
  winrm.wrongCredentials = book.find('wrong-credentials') !== null;
  winrm.accountLocked = book.find('account-locked') !== null;
  winrm.filteredToken = book.find('filtered-token') !== null;
  if (book.find('shell-quota') === null) delete winrm.quotaShells;
  else winrm.quotaShells = 0;
}

/** No connection is taken. */
export function isRefusing(book: FaultBook): boolean {
  return book.find('refuse') !== null || book.find('winrm-off') !== null;
}

type Incident = Extract<PracticeFault, { kind: 'link-lost' | 'reboot' }>;

/** What happens once, now that this operation begins (`null`: at once, without waiting for one). */
export function incidentAt(book: FaultBook, operation: WindowsOperation | null): Incident | null {
  const incidents = [book.find('reboot'), book.find('link-lost')];
  return (
    incidents.find((fault) => fault !== null && (fault.operation ?? null) === (operation?.operation ?? null)) ?? null
  );
}
