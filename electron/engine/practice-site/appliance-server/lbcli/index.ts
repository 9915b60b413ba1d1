export { httpAnswer, isAtLeast, methodApiAnswer, terminalAnswer, type LbcliRecord } from './answers';
export { lbcliTool } from './command';
export { failOver, restartService, runLbcli } from './run';
