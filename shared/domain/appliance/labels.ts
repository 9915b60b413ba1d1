/**
 * Labels of virtual services and real servers that Evenkeel sends to a unit. The appliance's own rule is not
 * published; this is narrower than what any seen configuration uses [I], so that a label can never be read as an
 * option, a path or a shell word.
 */
const allowed = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/** May this label be sent to an appliance? */
export function isApplianceLabel(text: string): boolean {
  return allowed.test(text);
}

/** What `isApplianceLabel` allows, in words. */
export const applianceLabelRule =
  'up to 64 letters, digits, underscores, dots and hyphens, not starting with a dot or hyphen';
