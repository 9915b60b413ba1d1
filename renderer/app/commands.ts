import type { AppState } from '../state/index';
import { address } from '../router.svelte';

export interface Command {
  readonly id: string;
  readonly title: string;
  /** What it is, or where it is: said at the right. */
  readonly aside: string;
  run(): void;
}

const folders = { site: 'sites', pair: 'pairs', unit: 'units', service: 'services', server: 'servers' } as const;
const words = {
  site: 'site',
  pair: 'pair',
  unit: 'appliance',
  service: 'virtual service',
  server: 'real server',
} as const;

/** Everything the palette can find: views, commands, nodes and jobs. */
export function allCommands(app: AppState, showShortcuts: () => void): readonly Command[] {
  const go = (title: string, to: string, aside: string): Command => ({
    id: to,
    title,
    aside,
    run: () => app.router.go(to),
  });
  const fixed: Command[] = [
    go('Overview', '#/overview', 'view'),
    go('Overview as a table', '#/overview?show=table', 'view'),
    go('Inventory', '#/inventory', 'view'),
    go('Add an appliance', '#/inventory/add-appliance', 'Inventory'),
    go('Add a Windows server', '#/inventory/add-windows', 'Inventory'),
    go('Import a list', '#/inventory/import', 'Inventory'),
    go('Direct Routing', '#/direct-routing', 'view'),
    go('Updates', '#/updates', 'view'),
    go('Jobs', '#/jobs', 'view'),
    go('Records', '#/records', 'view'),
    go('Settings', '#/settings', 'view'),
    { id: 'shortcuts', title: 'List the shortcuts', aside: '?', run: showShortcuts },
  ];
  const nodes = [...app.overview.all()].map((node) =>
    go(
      node.name,
      address(folders[node.kind], node.id),
      `${words[node.kind]}${'address' in node ? ` ${node.address}` : ''}`,
    ),
  );
  const jobs = app.jobs.list.map((job) => go(`Job ${job.number}: ${job.title}`, address('jobs', job.id), job.state));
  return [...fixed, ...nodes, ...jobs];
}

/** Those that hold every word typed, best first: where a title begins with it, then where it is in the title. */
export function search(commands: readonly Command[], typed: string, limit = 12): readonly Command[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { readonly command: Command; readonly rank: number }[] = [];
  for (const command of commands) {
    const title = command.title.toLowerCase();
    const whole = `${title} ${command.aside.toLowerCase()}`;
    if (!wanted.every((word) => whole.includes(word))) continue;
    const first = wanted[0] ?? '';
    found.push({ command, rank: title.startsWith(first) ? 0 : title.includes(first) ? 1 : 2 });
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ command }) => command);
}
