import type { Kysely } from 'kysely';
import * as jobs from './001-jobs';
import * as audit from './002-audit';
import * as secretsAndSettings from './003-secrets-and-settings';
import * as inventory from './004-inventory';
import * as overview from './005-overview';
import * as updates from './006-updates';
import * as directRouting from './007-direct-routing';
import * as deadMen from './008-dead-men';
import * as fixedServices from './009-fixed-services';

/**
 * One step of the database's form. A migration that has been released never changes; it uses its own words for tables
 * and columns, not the types of today.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly up: (db: Kysely<unknown>) => Promise<void>;
}

/** In ascending order. `user_version` of a database is the highest number that was applied to it. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'jobs', up: jobs.up },
  { number: 2, name: 'audit', up: audit.up },
  { number: 3, name: 'secrets-and-settings', up: secretsAndSettings.up },
  { number: 4, name: 'inventory', up: inventory.up },
  { number: 5, name: 'overview', up: overview.up },
  { number: 6, name: 'updates', up: updates.up },
  { number: 7, name: 'direct-routing', up: directRouting.up },
  { number: 8, name: 'dead-men', up: deadMen.up },
  { number: 9, name: 'fixed-services', up: fixedServices.up },
];
