import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PracticeEndpoints, Scenario } from '#shared/contract/practice';
import { PracticeSite } from '#engine/practice-site/index';

export interface OpenSite {
  readonly site: PracticeSite;
  readonly folder: string;
  readonly first: PracticeEndpoints['appliances'][number];
  close(): Promise<void>;
}

/** A practice site in this process, with a small update archive and a fast clock. */
export async function openSite(scenario: Scenario = 'guide'): Promise<OpenSite> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-site-'));
  const { signal } = new AbortController();
  const site = await PracticeSite.open({ scenario, seed: 1, speed: 1_000, folder, signal, archiveBytes: 300_000 });
  const [first] = site.endpoints().appliances;
  if (!first) throw new Error('no appliance');
  return {
    site,
    folder,
    first,
    close: async () => {
      await site.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
