export { applyOperation, type Applied, type ApplyOptions } from './apply-operation';
export { createWindowsExecutor } from './executor';
export type { ExecuteOutput, ExecuteRequest, WindowsExecutor, WindowsExecutorParts, WindowsFaults } from './types';
export { settle, visibleState } from './visible';
