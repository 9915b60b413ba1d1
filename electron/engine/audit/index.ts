export { Audit, type AuditHead, type AuditNote } from './audit';
export { canonicalJson, sha256 } from './canonical';
export { auditHandlers } from './handlers';
