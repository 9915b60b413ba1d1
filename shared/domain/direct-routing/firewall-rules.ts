import type { FirewallRule, FirewallState } from '../windows/network-state';
import { ruleTitle, type OperationInput, type OwnFirewallRule, type SettingOperation } from './operations';

/** Do the rules of ours stand as wanted? `false` as well where the firewall could not be read. */
export function rulesStand(input: OperationInput<'firewall'>, firewall: FirewallState): boolean {
  if (firewall.profiles === null) return false;
  const added = input.add.every((wanted) => {
    const held = ownRule(firewall, wanted.name);
    return held !== null && sameRule(held, wanted);
  });
  const names = new Set(input.add.map((wanted) => wanted.name));
  return added && input.remove.every((name) => names.has(name) || ownRule(firewall, name) === null);
}

/** What brings back the rules of ours as they were before: those that were not there go, the others are set anew. */
export function rulesBack(
  input: OperationInput<'firewall'>,
  before: FirewallState,
): readonly Extract<SettingOperation, { operation: 'firewall' }>[] {
  const names = [...new Set([...input.add.map((rule) => rule.name), ...input.remove])];
  const add = names.flatMap((name) => ownRule(before, name) ?? []);
  const remove = names.filter((name) => ownRule(before, name) === null);
  return names.length === 0 ? [] : [{ operation: 'firewall', input: { add, remove } }];
}

/** The rule of this name if it is one that this program makes. */
export function ownRule(firewall: FirewallState, name: string): OwnFirewallRule | null {
  const held = firewall.allowRules.find((rule) => rule.name.toLowerCase() === ruleTitle(name).toLowerCase());
  return held === undefined ? null : asOwn(name, held);
}

/** Windows may list profiles and ports in another order. */
export function sameRule(a: OwnFirewallRule, b: OwnFirewallRule): boolean {
  return a.protocol === b.protocol && sameSet(a.ports, b.ports) && sameSet(a.profiles, b.profiles);
}

function asOwn(name: string, { protocol, localPorts, profiles }: FirewallRule): OwnFirewallRule | null {
  if (protocol === 'Any') return null;
  return { name, protocol, ports: [...localPorts], profiles: [...profiles] };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}
