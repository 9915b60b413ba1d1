export { PracticeWorld } from './practice-world';
export { guideScenario } from './scenarios/guide';
export { silentServers, twoSitesScenario } from './scenarios/two-sites';
export type { Traffic } from './traffic';
export * from './network';
export * from './transitions';
export type * from './types';
