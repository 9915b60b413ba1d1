export type {
  Appliance,
  ApplianceAccess,
  ArpAnswer,
  BackupOutcome,
  ChannelName,
  CommandOutcome,
  DigestAlgorithm,
  FileOnUnit,
  FreeSpace,
  InstallInput,
  InstallOutcome,
  LbcliAnswer,
  LbcliCall,
  LbcliStatus,
  OperationName,
  Progress,
  RealServerRef,
  RestartPrompt,
  UpdateFile,
  UpdateForm,
  UploadInput,
  UploadOutcome,
} from './types';
export { createAppliance } from './appliance';
export { probeAppliance } from './probe/probe';
export { quoteShellWord } from './quote';
export { lbcliCommand } from './channels/lbcli-command';
export { assembleReading } from './read/assemble';
export { buildReadCommand } from './read/command';
