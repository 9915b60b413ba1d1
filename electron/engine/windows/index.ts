export { composeScript, recogniseScript } from './compose';
export { createServerGate, type ServerGate } from './gate';
export {
  createWindowsServer,
  type RunOptions,
  type WindowsServer,
  type WindowsServerAccess,
  type WindowsServerParts,
} from './server';
export { keptState } from './state-schema';
export { identifyWindows, type WindowsIdentity } from './identify';
export { probeWindows } from './probe';
