import type { Machine } from '../appliance-server/index';
import { inService } from '../world/index';
import { commitChanges, escapeHtml, information, page } from './pages';

/** System Overview: green all healthy, red all failed, yellow some, blue all halted or drained [G][V][U]. */
export function overviewPage(machine: Machine): string {
  const { world, unitName } = machine;
  const unit = world.appliance(unitName);
  const notice =
    unit.offeredVersion === null
      ? ''
      : information(
          `Update ${unit.offeredVersion} is now available for this appliance. ` +
            '<a href="/lbadmin/config/update.php?mnp=maint&amp;submnp=msu&amp;l=e&amp;action=online">Online Update</a>',
        );
  const rows = world.pairOf(unitName).services.map((service) => {
    const states = service.realServers.map((real) => inService(world.state, unit, service, real));
    const colour = states.every((state) => state === 'online')
      ? 'green'
      : states.every((state) => state === 'failed')
        ? 'red'
        : states.every((state) => state === 'halted' || state === 'drained')
          ? 'blue'
          : 'yellow';
    const reals = service.realServers.map(
      (real, index) =>
        `<tr class="rip"><td>${escapeHtml(real.label)}</td><td>${escapeHtml(real.address)}</td><td>${real.weight}</td><td>${states[index] ?? ''}</td></tr>`,
    );
    return (
      `<tr class="vip ${colour}"><td>${escapeHtml(service.label)}</td><td>${escapeHtml(service.address)}</td>` +
      `<td>${escapeHtml(service.ports)}</td><td>${colour}</td></tr>${reals.join('')}`
    );
  });
  return page(
    machine,
    'System Overview',
    `${notice}${commitChanges(machine)}<table id="overview">${rows.join('')}</table>`,
  );
}
