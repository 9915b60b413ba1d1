export { createPwshExecutor, type PwshExecutor, type PwshExecutorParts, type PwshOptions } from './executor';
export { isPowerShell } from './command-line';
