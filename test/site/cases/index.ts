import { beforeCases } from './before';
import type { LabCase } from './case';
import { cutLinkCases } from './cut-link';
import { clientProof } from './client-proof';
import { drainCases } from './drain';
import { failoverCases } from './failover';
import { fixCases } from './fix';
import { inventoryCases } from './inventory';
import { modelCases } from './model';
import { shutIn } from './shut-in';
import { undoCases } from './undo';
import { wrongMacCases } from './wrong-mac';

export type { Bench, LabCase, Seen } from './case';

/** In the order in which they build on each other. */
export const labCases: readonly LabCase[] = [
  ...inventoryCases,
  ...beforeCases,
  clientProof(
    'before: the product as a client',
    'through the VIP dicom timeout, http timeout, https timeout; directly dicom ok, http ok, https ok',
  ),
  ...modelCases,
  ...wrongMacCases,
  ...fixCases,
  clientProof(
    'after: the product as a client',
    'through the VIP dicom ok, http ok, https ok; directly dicom ok, http ok, https ok',
  ),
  ...drainCases,
  ...failoverCases,
  ...undoCases,
  ...cutLinkCases,
  shutIn,
];
