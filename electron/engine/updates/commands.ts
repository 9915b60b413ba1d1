import { quoteShellWord } from '#engine/appliance/index';
import type { RolloutCommands } from '#shared/domain/updates/rollout-steps';

/** What the driver sends, in the words of the plan. Reading is one long command, so only its purpose is told. */
export const rolloutCommands: RolloutCommands = {
  digest: (path, algorithm) => `${algorithm}sum -- ${quoteShellWord(path)}`,
  freeSpace: (path) => `df -Pk -- ${quoteShellWord(path)}`,
  read: 'One reading: version, heartbeat, configuration, ipvsadm -Ln, HAProxy show stat',
  // Heartbeat's own tool [V].
  failover: 'hb_standby all',
  arping: (address) => `arping -b -c 3 -w 4 -I <interface of the address> ${quoteShellWord(address)}`,
  backup: 'POST /lbadmin/config/backup.php\naction=backup_full',
  restart: [
    'lbcli --action restart-<service the unit asks for>',
    'or POST /lbadmin/config/restart.php?mnp=maint&submnp=mrs restart=<service>',
    'or lbcli --action power --function restart, when it asks for a restart of itself',
  ].join('\n'),
};
