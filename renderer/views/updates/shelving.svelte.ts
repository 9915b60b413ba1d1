import { SvelteMap } from 'svelte/reactivity';
import type { ArchiveItem } from '#shared/contract/updates';
import { EvenkeelError } from '#shared/errors';
import { handOver, knownError, type Connection } from '../../state/index';
import { belongsTo, sortFiles } from './dropped-files';

/** Brings files to the shelf, one after the other, and keeps what went wrong until it is closed. */
export class Shelving {
  /** Files on their way to the engine's computer, by name. */
  readonly handing = new SvelteMap<string, string>();
  error = $state.raw<EvenkeelError | null>(null);
  /** Said when something has arrived. */
  word = $state('');
  private readonly stop = new AbortController();

  constructor(
    private readonly connection: Connection,
    private readonly window: Window,
    private readonly archives: () => readonly ArchiveItem[],
  ) {}

  async take(files: readonly File[]): Promise<void> {
    const { archives, checksums } = sortFiles(files);
    this.error = null;
    for (const { archive, checksum } of archives) {
      await this.attempt(async () => {
        const path = await this.bring(archive);
        const beside = checksum === null ? null : await this.bring(checksum);
        await this.shelve(path, beside);
      });
    }
    for (const checksum of checksums) {
      const owner = this.archives().find(
        (item) => item.verdict === 'no-checksum' && belongsTo(checksum.name, item.fileName),
      );
      if (owner !== undefined) await this.addChecksum(owner, checksum);
      else {
        this.error = new EvenkeelError(
          'not_found',
          { step: 'shelf', unchanged: 'The shelf.', advice: `Drop ${checksum.name} together with its archive.` },
          'No archive on the shelf waits for this checksum file.',
        );
      }
    }
  }

  addChecksum(archive: ArchiveItem, file: File): Promise<void> {
    return this.attempt(async () => {
      const checksum = await this.bring(file);
      const told = await this.connection.call('updates.addChecksum', { archiveId: archive.id, checksum });
      this.word = `${told.version}: ${told.verdictText}`;
    });
  }

  /** For files that lie on the engine's computer already. */
  shelvePaths(archive: string, checksum: string | null): Promise<void> {
    return this.attempt(() => this.shelve(archive, checksum));
  }

  close(): void {
    this.stop.abort();
  }

  private async shelve(archive: string, checksum: string | null): Promise<void> {
    const told = await this.connection.call('updates.shelve', { archive, checksum });
    this.word = `${told.version} is on the shelf: ${told.verdictText}`;
  }

  private async bring(file: File): Promise<string> {
    this.handing.set(file.name, file.name);
    try {
      return await handOver(this.window, file, this.stop.signal);
    } finally {
      this.handing.delete(file.name);
    }
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (caught) {
      this.error = knownError(caught, 'shelf');
    }
  }
}
