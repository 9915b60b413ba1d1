import { isIPv6 } from 'node:net';
import { closeChannels, openChannels, type Channels } from './channels/channels';
import { backup } from './operations/backup';
import { arping, digestOnUnit, failover, freeSpace } from './operations/commands';
import { removeOnUnit, statOnUnit, upload } from './operations/files';
import { runLbcli, setServerState } from './operations/lbcli';
import { solicit } from './operations/neighbours';
import { restartAppliance, restartService } from './operations/restart';
import { installUpdate, readUpdateForm } from './operations/update';
import { readAppliance } from './read/read';
import type { Appliance, ApplianceAccess, ChannelName, OperationName } from './types';

/** Which channels can carry what, best first. */
const carriers: Readonly<Record<OperationName, readonly ChannelName[]>> = {
  read: ['ssh', 'api', 'webui'],
  lbcli: ['ssh', 'api'],
  realServerState: ['ssh', 'api'],
  failover: ['ssh'],
  arping: ['ssh'],
  upload: ['ssh'],
  digest: ['ssh'],
  freeSpace: ['ssh'],
  backup: ['webui'],
  installUpdate: ['webui'],
  restartService: ['ssh', 'api', 'webui'],
  restartAppliance: ['ssh', 'api'],
};

/** An appliance by its target. Connects on first use only; call `close` when it is no longer needed. */
export function createAppliance(access: ApplianceAccess): Appliance {
  const channels: Channels = openChannels(access);
  return {
    id: access.id,
    name: access.name,
    channelsFor: (operation) => carriers[operation].filter((name) => channels[name] !== null),
    read: (signal) => readAppliance(channels, signal),
    lbcli: (call, signal) => runLbcli(channels, call, signal),
    drain: (server, signal) => setServerState(channels, 'drain', server, signal),
    halt: (server, signal) => setServerState(channels, 'halt', server, signal),
    online: (server, signal) => setServerState(channels, 'online', server, signal),
    failover: (direction, signal) => failover(channels, direction, signal),
    arping: (address, signal) => (isIPv6(address) ? solicit : arping)(channels, address, signal),
    freeSpace: (path, signal) => freeSpace(channels, path, signal),
    upload: (input, signal) => upload(channels, input, signal),
    digest: (path, algorithm, signal) => digestOnUnit(channels, path, algorithm, signal),
    stat: (path, signal) => statOnUnit(channels, path, signal),
    removeFile: (path, signal) => removeOnUnit(channels, path, signal),
    backup: (into, passphrase, signal) => backup(channels, into, passphrase, signal),
    readUpdateForm: (signal) => readUpdateForm(channels, signal),
    installUpdate: (input, signal) => installUpdate(channels, input, signal),
    restartService: (prompt, signal) => restartService(channels, prompt, signal),
    restartAppliance: (signal) => restartAppliance(channels, signal),
    close: () => closeChannels(channels),
  };
}
