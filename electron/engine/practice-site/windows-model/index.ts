export { applyOperation, type Applied, type ApplyOptions } from './apply-operation';
export type { DeadMan } from './dead-man';
export { createWindowsExecutor } from './executor';
export { applyToMachine, fire, type MachineOptions, type WindowsMachine } from './machine';
export type { ExecuteOutput, ExecuteRequest, WindowsExecutor, WindowsExecutorParts, WindowsFaults } from './types';
export { settle, visibleState } from './visible';
