/** An adapter as it is named in a line to type. `index: null`: it is not there yet and gets its name from us. */
export interface HandAdapter {
  readonly name: string;
  readonly index: number | null;
}

/** Letters of any script, digits and a few signs that neither cmd.exe nor PowerShell gives a meaning in quotes. */
const plain = /^[\p{L}\p{M}\p{N} _\-.,#+()[\]]+$/u;
/** Wildcards of PowerShell, and what a console would not take as part of a line. */
const wildcard = /[[\]*?`]|[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * An adapter for netsh, which takes a name or an index [D]. A name that cmd.exe (or PowerShell, should the line be
 * pasted there) would read otherwise, and one that looks like an index, is replaced by the index: `%` cannot be quoted
 * in cmd.exe at all.
 */
export function netshAdapter({ name, index }: HandAdapter): string {
  const named = plain.test(name) && !/^\d+$/.test(name.trim()) && name === name.trim();
  return named || index === null ? `"${name.replaceAll(/["%]/g, '')}"` : String(index);
}

/** An adapter for the cmdlets of NetTCPIP and DnsClient: bare as the guide has it, quoted, or by index. */
export function powershellAdapter({ name, index }: HandAdapter): string {
  if (wildcard.test(name) && index !== null) return `-InterfaceIndex ${index}`;
  return `-InterfaceAlias ${/^[A-Za-z][A-Za-z0-9-]*$/.test(name) ? name : powershellText(name)}`;
}

/** The same for the cmdlets of NetAdapter, which know no index but the description. */
export function powershellBinding(adapter: HandAdapter): string {
  const { name, index } = adapter;
  if (wildcard.test(name) && index !== null) {
    return `-InterfaceDescription (Get-NetAdapter -InterfaceIndex ${index}).InterfaceDescription`;
  }
  return powershellAdapter(adapter).replace('-InterfaceAlias', '-Name');
}

/** Text in single quotes, in which PowerShell expands nothing; it takes curly quotes for quotes as well. */
export function powershellText(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, (quote) => quote + quote)}'`;
}

/** A name within a remark: only what is harmless even where the remark is not taken for one. */
export function remarkName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{M}\p{N} _\-.#()]/gu, '?');
}
