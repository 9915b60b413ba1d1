export { shellOf } from './commands/index';
export { generatedFiles } from './generated-files';
export { httpAnswer, isAtLeast, failOver, restartService, runLbcli } from './lbcli/index';
export { configTree, escapeXml, toXml } from './config-tree';
export type { Machine, MachineLogins } from './machine';
export type { CommandCall, CommandImplementation, Sink } from './shell/index';
export { SshServer } from './ssh-server';
export { UnitFileError, UnitFiles } from './unit-files';
