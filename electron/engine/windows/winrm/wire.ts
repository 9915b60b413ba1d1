// The parts of the protocol that both ends speak. The practice site's server is built on them; the client's own users
// need none of it.
export { channelBindingHash, endPointHash } from './channel-binding';
export {
  ENCRYPTED_CONTENT_TYPE,
  SOAP_CONTENT_TYPE,
  decryptMessage,
  encryptMessage,
  isEncrypted,
  readFrame,
} from './encryption';
export { FAULT_ACCESS_DENIED, FAULT_OPERATION_TIMEOUT, FAULT_SHELL_NOT_FOUND, FAULT_SHELL_QUOTA } from './faults';
export { HttpReplyReader } from './http-reply';
export * as ntlm from './ntlm/index';
export { encodeCommand } from './powershell';
export {
  ANONYMOUS,
  Action,
  COMMAND_STATE_DONE,
  Namespace,
  SHELL_RESOURCE,
  SIGNAL_TERMINATE,
  readReply,
  writeEnvelope,
} from './soap';
export { attributeOf, child, children, escapeXml, parseXml, textOf, type XmlNode } from './xml';
