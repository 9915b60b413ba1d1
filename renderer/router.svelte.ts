/** Where the window is, as its address says: `#/overview`, `#/servers/<id>`, `#/jobs/<id>?…`. */

export const viewNames = ['overview', 'inventory', 'direct-routing', 'updates', 'jobs', 'records', 'settings'] as const;
export type ViewName = (typeof viewNames)[number];

/** The kinds of thing that the overview shows, as their addresses begin. */
export const nodeFolders = ['sites', 'pairs', 'units', 'services', 'servers'] as const;

export interface Route {
  readonly view: ViewName;
  /** What is selected, decoded: a node, unit or job id; for a view's own pages its path, for example `add-appliance`. */
  readonly selection: string | undefined;
  /** What follows `?` in the address. */
  readonly query: Readonly<Record<string, string>>;
}

export function parseAddress(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [first = '', ...rest] = path.split('/').map(decode);
  const selection = rest.length > 0 && rest[0] !== '' ? rest.join('/') : undefined;
  const query = Object.fromEntries(new URLSearchParams(search));
  if (isOneOf(nodeFolders, first)) return { view: 'overview', selection, query };
  return { view: isOneOf(viewNames, first) ? first : 'overview', selection, query };
}

/** Builds an address; every part is encoded. */
export function address(folder: string, selection?: string, query: Readonly<Record<string, string>> = {}): string {
  const path = selection === undefined ? folder : `${folder}/${encodeURIComponent(selection)}`;
  const search = new URLSearchParams(query).toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

export class Router {
  private current = $state.raw<Route>(parseAddress(''));

  constructor(private readonly window: Window) {
    this.current = parseAddress(window.location.hash);
    window.addEventListener('hashchange', this.follow);
  }

  get route(): Route {
    return this.current;
  }

  /** Goes to an address, for example `#/jobs/<id>`. */
  go(to: string): void {
    if (to === this.window.location.hash) return;
    this.window.location.hash = to;
  }

  /** Goes there without a step in the history: for selections that follow the arrow keys. */
  replace(to: string): void {
    this.window.history.replaceState(null, '', to);
    this.current = parseAddress(to);
  }

  close(): void {
    this.window.removeEventListener('hashchange', this.follow);
  }

  private readonly follow = (): void => {
    this.current = parseAddress(this.window.location.hash);
  };
}

function isOneOf<T extends string>(list: readonly T[], value: string): value is T {
  return list.some((item) => item === value);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray per cent sign: taken as it stands.
    return part;
  }
}
