import { randomUUID } from 'node:crypto';
import { wire } from '#engine/windows/winrm/index';
import type { Output } from './running-command';

const { ANONYMOUS, Namespace, escapeXml } = wire;

/** A reply before encryption. */
export interface SoapAnswer {
  readonly status: number;
  readonly text: string;
}

export interface FaultText {
  readonly code: number;
  readonly subcode: string;
  readonly message: string;
}

function envelope(action: string, relatesTo: string, body: string): string {
  return (
    `<s:Envelope xml:lang="en-US" xmlns:s="${Namespace.soap}" xmlns:a="${Namespace.addressing}" xmlns:w="${Namespace.wsman}"` +
    ` xmlns:x="${Namespace.transfer}" xmlns:p="${Namespace.microsoft}" xmlns:rsp="${Namespace.shell}"><s:Header>` +
    `<a:Action>${action}</a:Action><a:MessageID>uuid:${randomUUID().toUpperCase()}</a:MessageID>` +
    `<a:To>${ANONYMOUS}</a:To><a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo></s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** A successful reply to a request with `action`. */
export function answer(action: string, relatesTo: string, body: string): SoapAnswer {
  return { status: 200, text: envelope(`${action}Response`, relatesTo, body) };
}

/** A fault, worded as hosts word them. */
export function fault(relatesTo: string, computerName: string, { code, subcode, message }: FaultText): SoapAnswer {
  const text = escapeXml(message);
  const body =
    `<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code>` +
    `<s:Reason><s:Text xml:lang="en-US">${text}</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="${Namespace.fault}"` +
    ` Code="${String(code)}" Machine="${escapeXml(computerName)}"><f:Message>${text}</f:Message></f:WSManFault></s:Detail></s:Fault>`;
  return { status: 500, text: envelope(`${Namespace.wsman.replace('.xsd', '')}/fault`, relatesTo, body) };
}

/** What goes with the refusal of a locked account, where a host says why. */
export function lockedAnswer(computerName: string): SoapAnswer {
  const message = 'The referenced account is currently locked out and may not be logged on to.';
  return fault('', computerName, { code: 1909, subcode: 'w:AccessDenied', message });
}

/** Body of a reply to Create. */
export function shellBody(shellId: string, owner: string): string {
  return (
    `<x:ResourceCreated><a:Address>${ANONYMOUS}</a:Address><a:ReferenceParameters>` +
    `<w:ResourceURI>${wire.SHELL_RESOURCE}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">${shellId}</w:Selector>` +
    `</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>${shellId}</rsp:ShellId>` +
    `<rsp:ResourceUri>${wire.SHELL_RESOURCE}</rsp:ResourceUri><rsp:Owner>${escapeXml(owner)}</rsp:Owner>` +
    `<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>`
  );
}

/** Body of a reply to Receive. */
export function outputBody(commandId: string, output: Output): string {
  const id = escapeXml(commandId);
  const streams = output.chunks
    .map(({ stream, data }) => `<rsp:Stream Name="${stream}" CommandId="${id}">${data.toString('base64')}</rsp:Stream>`)
    .join('');
  if (output.exitCode === undefined) {
    const running = wire.COMMAND_STATE_DONE.replace(/Done$/, 'Running');
    return `<rsp:ReceiveResponse>${streams}<rsp:CommandState CommandId="${id}" State="${running}"/></rsp:ReceiveResponse>`;
  }
  return (
    `<rsp:ReceiveResponse>${streams}<rsp:Stream Name="stdout" CommandId="${id}" End="true"></rsp:Stream>` +
    `<rsp:Stream Name="stderr" CommandId="${id}" End="true"></rsp:Stream><rsp:CommandState CommandId="${id}"` +
    ` State="${wire.COMMAND_STATE_DONE}"><rsp:ExitCode>${String(output.exitCode)}</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>`
  );
}

/** Reply to Identify. */
export function identifyAnswer(): SoapAnswer {
  const text =
    `<s:Envelope xmlns:s="${Namespace.soap}"><s:Header/><s:Body><wsmid:IdentifyResponse xmlns:wsmid="${Namespace.identity}">` +
    `<wsmid:ProtocolVersion>${Namespace.wsman}</wsmid:ProtocolVersion><wsmid:ProductVendor>Practice site</wsmid:ProductVendor>` +
    `<wsmid:ProductVersion>OS: 0.0.0 SP: 0.0 Stack: 3.0</wsmid:ProductVersion></wsmid:IdentifyResponse></s:Body></s:Envelope>`;
  return { status: 200, text };
}
