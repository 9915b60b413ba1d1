export { buildArchive, type ArchiveFiles, type ArchivePlan } from './archives';
export { PracticeClock } from './clock';
export {
  PracticeSite,
  type PracticeAppliance,
  type PracticeOptions,
  type PracticeUnits,
  type PracticeWindows,
} from './practice-site';
