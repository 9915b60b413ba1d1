export { normaliseAddress, normaliseMac, sameAddress, familyOf } from './addresses';
export { addressOn, isLoopback, loopbacksOf } from './adapters';
export { handLines, handUndo, type HandLines } from './hand-lines/index';
export { reasonCodes, reasonText, type Check, type ReasonCode } from './checks';
export {
  clientPorts,
  clientVerdict,
  probeOf,
  triesThroughVip,
  type ClientOutcome,
  type ClientProbe,
  type ClientVerdict,
  type PortResult,
} from './client';
export { compareConfigurations, configurationText, sameConfiguration } from './configuration';
export { differenceOf, type Difference } from './difference';
export { scriptEvent, type ScriptEvent, type ScriptFailure, type ScriptResult } from './events';
export { fixOperations, type Phase, type PhaseOperations } from './fix-operations';
export { carrying, guardVerdict, standingKey, type OtherServer, type ServiceStanding } from './guard';
export {
  adaptersNamed,
  loopbackHardwareId,
  settingOperation,
  windowsOperation,
  type OperationInput,
  type OperationName,
  type OwnFirewallRule,
  type SettingOperation,
  type WindowsOperation,
} from './operations';
export { planFix, planUndo, type ActiveUnit, type ServerPlanInput, type Texts } from './plan/index';
export { changeRows, undoRows } from './rows';
export { earlierVips, knownVipsFor, type EarlierAddress } from './known-vips';
export { defaultFixOptions, type FixOptions, type TargetOptions } from './options';
export { targetOf, type DrService, type ServerTarget } from './target';
export { undoOperations } from './undo';
export { faultsOf, verdictOf, type CellVerdict, type ServerVerdict } from './verdict';
export {
  wireVerdict,
  type KnownMac,
  type WireAnswer,
  type WireQuestion,
  type WireReading,
  type WireVerdict,
} from './wire';
export { operationStands } from './stands';
