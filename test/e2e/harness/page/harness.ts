import { EvenkeelError } from '#shared/errors';
import { FakeEngine } from '#test/fixtures/fake-engine';
import { emptyStatus, moment, nodes, status, transitions } from '#test/fixtures/two-sites';
import { manySites } from '#test/fixtures/many-sites';
import { viewCalls, viewItems } from '#test/fixtures/views';

/** The window over a fake engine; `?picture=` names what it shows. For pictures and measurements only. */
const wanted = new URLSearchParams(window.location.search);
const picture = wanted.get('picture') ?? 'normal';
const theme = wanted.get('theme') === 'dark' ? 'dark' : 'light';

const byId = <T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> =>
  new Map(list.map((item) => [item.id, item]));

function overview(): ReadonlyMap<string, (typeof nodes)[number]> | EvenkeelError | 'silent' {
  if (picture === 'empty') return new Map();
  if (picture === 'loading') return 'silent';
  if (picture === 'many') return byId(manySites(Number(wanted.get('nodes') ?? '6100')));
  if (picture === 'error') {
    return new EvenkeelError('database_damaged', {
      unit: 'this computer',
      step: 'reading the history',
      unchanged: 'every unit and the database file',
      advice: 'Restore the copy that was made before the last migration, then start Evenkeel again.',
      logId: '7f3a-0c12',
    });
  }
  return byId(nodes);
}

const settings = { theme, motion: 'system', operator: 'jokafor', pollSeconds: 10 } as const;
const engine = new FakeEngine(
  {
    'system.settings': () => settings,
    'overview.history': () => [...transitions],
    'overview.read': () => ({ read: 13, failed: [] }),
    ...viewCalls,
    // The first start also shows what is said when the practice site cannot be opened.
    ...(picture === 'empty' && {
      'practice.open': () => Promise.reject(new EvenkeelError('conflict', { step: 'opening the practice site' })),
    }),
  },
  {
    'system.live': new Map([['engine', picture === 'empty' ? emptyStatus : status]]),
    'overview.live': overview(),
    'overview.transitions': picture === 'empty' ? new Map() : byId(transitions),
    ...viewItems(picture),
  },
);

const manyServers = picture === 'many' ? manySites(6_100).filter((node) => node.kind === 'server') : [];
function changedServers(count: number, round: number): ReadonlyMap<string, (typeof nodes)[number]> {
  return new Map(
    manyServers
      .slice(0, count)
      .map((node) => [node.id, { ...node, activeConnections: round + 1, connectionsPerSecond: round }]),
  );
}

let lost = false;
Object.assign(window, {
  evenkeelHost: {
    connect: () => {
      performance.mark('evenkeel-connect');
      return lost ? new Promise(() => undefined) : Promise.resolve(engine.connect());
    },
    pathForFile: (file: File) => file.name,
  },
  harness: {
    engine,
    moment,
    /** Sends changed servers as an engine does. */
    changeMany(count: number, round: number) {
      engine.change('overview.live', changedServers(count, round));
    },
    /** Only what an engine's side of the pipe costs here: building the change and copying it. */
    copyMany(count: number, round: number) {
      return structuredClone(Object.fromEntries(changedServers(count, round)));
    },
    stop() {
      lost = true;
      engine.stop();
    },
  },
});

localStorage.setItem('evenkeel-appearance', `${theme} system`);
await import('../../../../renderer/main');
