import { XMLParser } from 'fast-xml-parser';
import type { ConfigModel } from './config-model';
import { findConfig, modelOfTree } from './config-tree';
import { findJson } from './lbcli';
import { isTree, maxAnswerChars, notUnderstood } from './tree';

/**
 * `lb_config.xml` [V]. Documents with a DOCTYPE are refused, so no entity but XML's own five is ever expanded. Throws
 * `answer_not_understood` for anything that is not well-formed or holds no configuration.
 */
export function parseConfigXml(text: string): ConfigModel {
  const what = 'lb_config.xml';
  if (text.length > maxAnswerChars || /<!DOCTYPE|<!ENTITY/i.test(text)) throw notUnderstood(what, '');
  // The parser forgives a document that ends early; half a configuration would hide services.
  const root = /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<([A-Za-z_][\w.-]*)[\s>]/.exec(text.trim())?.[1];
  const whole = root !== undefined && text.trimEnd().endsWith(`</${root}>`);
  const tree = whole ? treeOfXml(text.trim()) : null;
  const config = tree === null ? null : findConfig(tree);
  if (!config) throw notUnderstood(what, text);
  return modelOfTree(config);
}

function treeOfXml(text: string): unknown {
  try {
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseTagValue: false,
      parseAttributeValue: false,
      trimValues: true,
      processEntities: false,
      maxNestedTags: 60,
      tagValueProcessor: (_name, value) => decodeText(value),
    });
    const parsed: unknown = parser.parse(text);
    return isTree(parsed) ? parsed : null;
  } catch {
    return null; // the caller names it as not understood
  }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeText(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => named[name] ?? whole);
}

/** `dumpconfig`: XML turned into JSON, an empty element as `[]`, one child as an object, several as an array [V]. */
export function parseConfigJson(text: string): ConfigModel {
  const what = 'dumpconfig';
  if (text.length > maxAnswerChars) throw notUnderstood(what, '');
  const config = findConfig(findJson(text.trim()));
  if (!config) throw notUnderstood(what, '');
  return modelOfTree(config);
}
