import { beforeCases } from './before';
import type { LabCase } from './case';
import { cutLinkCases } from './cut-link';
import { drainCases } from './drain';
import { failoverCases } from './failover';
import { fixCases } from './fix';
import { inventoryCases } from './inventory';
import { shutIn } from './shut-in';
import { undoCases } from './undo';
import { wrongMacCases } from './wrong-mac';

export type { Bench, LabCase, Seen } from './case';

/** In the order in which they build on each other. */
export const labCases: readonly LabCase[] = [
  ...inventoryCases,
  ...beforeCases,
  ...wrongMacCases,
  ...fixCases,
  ...drainCases,
  ...failoverCases,
  ...undoCases,
  ...cutLinkCases,
  shutIn,
];
