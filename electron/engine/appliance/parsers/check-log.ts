/**
 * Why checks failed, by the real server's label: the last line of ldirectord's log that names it. Where the log stands
 * and how it words this is not known [U]; a log without such lines gives an empty map.
 */
export function parseCheckLog(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /check of ([A-Za-z0-9_.-]{1,64}) (?:on \S+ )?failed: (.{1,300})$/.exec(line);
    if (match?.[1] && match[2]) found.set(match[1], match[2].trim());
  }
  return found;
}
