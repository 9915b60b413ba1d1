export { createLog, logId, silentLog, type Log, type LogFields, type LogLevel, type LogOptions } from './log';
export { redact, redactText } from './redact';
