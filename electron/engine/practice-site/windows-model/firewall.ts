import type { FirewallState } from '#shared/domain/windows/network-state';
import { ownRule, sameRule } from '#shared/domain/direct-routing/firewall-rules';
import { ruleTitle, type OperationInput } from '#shared/domain/direct-routing/operations';

/** Rules of ours go and come; others stay as they are, in their order. */
export function setFirewall(
  firewall: FirewallState,
  input: OperationInput<'firewall'>,
): { readonly firewall: FirewallState; readonly changed: readonly string[] } {
  const changed: string[] = [];
  let { allowRules } = firewall;
  const drop = (name: string): void => {
    const title = ruleTitle(name).toLowerCase();
    allowRules = allowRules.filter((rule) => rule.name.toLowerCase() !== title);
  };
  for (const name of input.remove) {
    if (ownRule({ ...firewall, allowRules }, name) === null) continue;
    drop(name);
    changed.push(`removed ${ruleTitle(name)}`);
  }
  for (const wanted of input.add) {
    const held = ownRule({ ...firewall, allowRules }, wanted.name);
    if (held !== null && sameRule(held, wanted)) continue;
    drop(wanted.name);
    const { name, protocol, ports, profiles } = wanted;
    allowRules = [...allowRules, { name: ruleTitle(name), profiles, protocol, localPorts: ports }];
    changed.push(`added ${ruleTitle(name)}`);
  }
  return { firewall: { ...firewall, allowRules }, changed };
}
