import type { AuditTables } from '#engine/audit/tables';
import type { DirectRoutingTables } from '#engine/direct-routing/tables';
import type { InventoryTables } from '#engine/inventory/tables';
import type { JobTables } from '#engine/jobs/tables';
import type { OverviewTables } from '#engine/overview/tables';
import type { SecretTables } from '#engine/secrets/tables';
import type { SettingTables } from '#engine/settings/tables';
import type { UpdateTables } from '#engine/updates/tables';

/**
 * Every table of the database. A capability describes its own in `<capability>/tables.ts` (types only, no imports from
 * here), adds them to this list, and creates them in a migration of its own: `migrations/0NN-<capability>.ts`.
 */
export interface Schema
  extends
    JobTables,
    AuditTables,
    SecretTables,
    SettingTables,
    InventoryTables,
    OverviewTables,
    UpdateTables,
    DirectRoutingTables {}
