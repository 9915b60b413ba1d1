import { quoteShellWord } from '#engine/appliance/index';
import type { RolloutCommands } from '#shared/domain/updates/rollout-steps';

/** What the driver sends, in the words of the plan. Reading is one long command, so only its purpose is told. */
export const rolloutCommands: RolloutCommands = {
  digest: (path, algorithm) => `${algorithm}sum -- ${quoteShellWord(path)}`,
  freeSpace: (path) => `df -Pk -- ${quoteShellWord(path)}`,
  read: 'One reading: version, heartbeat, configuration, ipvsadm -Ln, HAProxy show stat',
  // Heartbeat's own tool [V].
  failover: 'hb_standby all',
  arping: (address) => `arping ${quoteShellWord(address)}`,
  backup: 'POST /lbadmin/config/backup.php\naction=backup_full',
  restart: 'POST /lbadmin/config/restart.php?mnp=maint&submnp=mrs\nrestart=<what the unit asks for>',
};
