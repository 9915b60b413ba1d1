import { describe, expect, it } from 'vitest';
import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import {
  changeAppliance,
  changeWindows,
  checkRealServer,
  delivery,
  guideScenario,
  standBy,
  twoSitesScenario,
  whoAnswers,
  type WorldState,
} from '#engine/practice-site/world/index';

const now = Date.UTC(2026, 10, 22, 2, 47, 16);
const segment = 'Practice hospital';
const vip = '192.168.100.100';

function changeAdapters(
  state: WorldState,
  host: string,
  change: (adapter: NetworkAdapter) => NetworkAdapter,
): WorldState {
  const found = state.windows.find((item) => item.name === host);
  if (!found) throw new Error(`no ${host}`);
  const network: WindowsNetworkState = { ...found.network, adapters: found.network.adapters.map(change) };
  return changeWindows(state, host, { network });
}

function reaches(state: WorldState, serviceName: string, realServer: string): string {
  const pair = state.pairs.find((item) => item.services.some((service) => service.label === serviceName));
  const service = pair?.services.find((item) => item.label === serviceName);
  const real = service?.realServers.find((item) => item.label === realServer);
  if (!pair || !service || !real) throw new Error(`no ${serviceName} ${realServer}`);
  const result = delivery(state, pair.site, service, real);
  return result.reaches ? 'reaches' : result.reason;
}

describe('who answers ARP for a floating IP', () => {
  it('is the active unit alone', () => {
    expect(whoAnswers(guideScenario(now), segment, vip)).toEqual([{ unit: 'lb-practice-1', mac: '00:50:56:9c:1e:07' }]);
  });

  it('is the other unit after it stood by', () => {
    const state = standBy(guideScenario(now), 'lb-practice-1');
    expect(whoAnswers(state, segment, vip).map((item) => item.unit)).toEqual(['lb-practice-2']);
  });

  it('are both units when both are active', () => {
    const state = changeAppliance(guideScenario(now), 'lb-practice-2', { ha: 'active' });
    expect(whoAnswers(state, segment, vip).map((item) => item.unit)).toEqual(['lb-practice-1', 'lb-practice-2']);
  });

  it('is also a Windows server that has the address on its LAN adapter', () => {
    const state = changeAdapters(guideScenario(now), 'ICA-APP02', (adapter) => ({
      ...adapter,
      addresses: [...adapter.addresses, { address: vip, prefixLength: 24, skipAsSource: false, state: 'Preferred' }],
    }));
    expect(whoAnswers(state, segment, vip).map((item) => item.unit)).toEqual(['lb-practice-1', 'ICA-APP02']);
  });

  it('is nobody on another segment', () => {
    expect(whoAnswers(guideScenario(now), 'elsewhere', vip)).toEqual([]);
  });

  it('compares IPv6 addresses by value', () => {
    expect(whoAnswers(guideScenario(now), segment, 'fd4a:7c10:100:0:0:0:0:100')).toHaveLength(1);
  });
});

describe('what reaches a real server by Direct Routing', () => {
  const guide = guideScenario(now);

  it.each([
    ['ICA_WEB1', 'reaches', 'the fix is right'],
    ['ICA_WEB2', 'no-address', 'it was never touched'],
    ['ICA_WEB3', 'weak-host', 'the address is there, weak host is off'],
    ['ICA_WEB4', 'weak-host', 'the LAN adapter was missed'],
  ])('%s: %s, because %s', (real, expected) => {
    expect(reaches(guide, 'ICA_WEB', real)).toBe(expected);
  });

  it('reaches by IPv6 where the loopback adapter holds the IPv6 address', () => {
    expect(reaches(guide, 'ICA_WEB_V6', 'ICA_V6_1')).toBe('reaches');
    expect(reaches(guide, 'ICA_WEB_V6', 'ICA_V6_2')).toBe('no-address');
  });

  it('is lost when the loopback adapter has a wider mask', () => {
    const state = changeAdapters(guide, 'ICA-APP01', (adapter) => ({
      ...adapter,
      addresses: adapter.addresses.map((item) => (item.address === vip ? { ...item, prefixLength: 24 } : item)),
    }));
    expect(reaches(state, 'ICA_WEB', 'ICA_WEB1')).toBe('on-link-route');
  });

  it('is lost when the firewall does not let the port in on the Public profile', () => {
    const found = guide.windows.find((item) => item.name === 'ICA-APP01');
    if (!found) throw new Error('no ICA-APP01');
    const allowRules = found.network.firewall.allowRules.map((rule) => ({ ...rule, profiles: ['Domain' as const] }));
    const network = { ...found.network, firewall: { ...found.network.firewall, allowRules } };
    expect(reaches(changeWindows(guide, 'ICA-APP01', { network }), 'ICA_WEB', 'ICA_WEB1')).toBe('firewall');
  });

  it('needs nothing of Windows when the service forwards by NAT', () => {
    expect(reaches(twoSitesScenario(now), 'HL7_IN', 'HL7_A')).toBe('reaches');
  });
});

describe('the health check', () => {
  it('is green on a server without the fix, because it goes to the server’s own address', () => {
    const state = guideScenario(now);
    const service = state.pairs[0]?.services[0];
    const real = service?.realServers[1];
    if (!service || !real) throw new Error('no ICA_WEB2');
    expect(checkRealServer(state, segment, service, real, [])).toEqual({ ok: true });
  });

  it('is refused where no process listens', () => {
    const state = twoSitesScenario(now);
    const service = state.pairs[1]?.services[0];
    const real = service?.realServers[1];
    if (!service || !real) throw new Error('no VNA_DICOM2');
    expect(checkRealServer(state, 'Imaging annex', service, real, [])).toEqual({ ok: false, text: '11112 refused' });
  });
});

describe('the two-sites scenario', () => {
  it('has 2 pairs, 6 services, 14 real servers and 9 Windows servers', () => {
    const state = twoSitesScenario(now);
    const services = state.pairs.flatMap((pair) => pair.services);
    expect([
      state.pairs.length,
      services.length,
      services.flatMap((item) => item.realServers).length,
      state.windows.length,
    ]).toEqual([2, 6, 14, 9]);
  });
});
