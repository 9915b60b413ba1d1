type SchemeHandler = (request: Request) => Promise<Response> | Response;
type RequestListener = (details: { readonly url: string }, callback: (answer: { cancel?: boolean }) => void) => void;
type PermissionListener = (contents: unknown, permission: string, callback: (granted: boolean) => void) => void;

/** The one session. Rules are kept here and applied to every request of the page. */
class Session {
  private readonly handlers = new Map<string, SchemeHandler>();
  private listener: RequestListener | null = null;
  private permissions: PermissionListener | null = null;

  readonly protocol = {
    handle: (scheme: string, handler: SchemeHandler): void => {
      if (!schemes.has(scheme))
        throw new Error(`The scheme ${scheme} was not declared before the application was ready`);
      this.handlers.set(scheme, handler);
    },
  };

  readonly webRequest = {
    onBeforeRequest: (listener: RequestListener): void => {
      this.listener = listener;
    },
  };

  setPermissionRequestHandler(listener: PermissionListener): void {
    this.permissions = listener;
  }

  setPermissionCheckHandler(_check: () => boolean): void {
    // Chromium asks for a permission only when it was not granted; see `grants`.
  }

  setDevicePermissionHandler(_check: () => boolean): void {
    // No devices are shown to the page.
  }

  isBlocked(url: string): Promise<boolean> {
    const { listener } = this;
    if (listener === null) return Promise.resolve(false);
    return new Promise((resolve) => listener({ url }, (answer) => resolve(answer.cancel === true)));
  }

  /** The answer of a scheme that the application serves itself; `null`: none of its schemes. */
  async answer(request: Request): Promise<Response | null> {
    const handler = this.handlers.get(new URL(request.url).protocol.slice(0, -1));
    return handler === undefined ? null : await handler(request);
  }

  /** Those of the given permissions that the application would grant. */
  grants(names: readonly string[]): string[] {
    const granted: string[] = [];
    for (const name of names) {
      const isGranted = (given: boolean): void => {
        if (given) granted.push(name);
      };
      if (this.permissions === null) granted.push(name);
      else this.permissions(null, name, isGranted);
    }
    return granted;
  }
}

const schemes = new Set<string>();

export const protocol = {
  registerSchemesAsPrivileged: (list: readonly { readonly scheme: string }[]): void => {
    for (const { scheme } of list) schemes.add(scheme);
  },
};

export const session = { defaultSession: new Session() };
