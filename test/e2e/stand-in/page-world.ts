/** What runs in the page before its own scripts; sent there as text, so it may use nothing from outside itself. */
export interface FromPage {
  readonly t: 'document' | 'send' | 'port' | 'port-closed' | 'path';
  readonly channel?: string;
  readonly id?: number;
  readonly data?: unknown;
}

export type ToPage =
  | { readonly t: 'message'; readonly channel: string; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly t: 'port'; readonly id: number; readonly data: unknown }
  | { readonly t: 'port-closed'; readonly id: number };

export const bindingName = '__standInSend';
export const receiverName = '__standInTake';
export const filesName = '__standInFiles';

/** Lays `ipcRenderer`, `contextBridge` and `webUtils` over the binding and runs the unmodified preload with them. */
export function pageScript(preload: string): string {
  // The loader marks functions with a helper of its own, which the page does not have.
  return `{ const __name = (value) => value; (${world.toString()})((exports, require, module) => {${preload}\n}, ${JSON.stringify(
    {
      bindingName,
      receiverName,
      filesName,
    },
  )}); }`;
}

type Preload = (exports: object, require: (name: string) => unknown, module: object) => void;
type Listener = (event: { ports: readonly MessagePort[] }, ...args: unknown[]) => void;

function world(preload: Preload, names: { bindingName: string; receiverName: string; filesName: string }): void {
  // A preload runs in the window's own page only.
  if (window !== window.top) return;
  const send = Reflect.get(window, names.bindingName) as (message: unknown) => Promise<unknown>;
  void send({ t: 'document' });
  const listeners = new Map<string, Listener[]>();
  const ports = new Map<number, { message(data: unknown): void; closed(): void }>();
  const paths = new WeakMap<File, string>();

  const portOf = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = (event) => void send({ t: 'port', id, data: event.data as unknown });
    ports.set(id, {
      message: (data) => port2.postMessage(data),
      // Electron tells a page of the end of a port; Chromium by itself does not.
      closed: () => void setTimeout(() => port1.dispatchEvent(new Event('close'))),
    });
    const close = port1.close.bind(port1);
    port1.close = () => {
      close();
      if (ports.delete(id)) void send({ t: 'port-closed', id });
    };
    return port1;
  };

  const take = (messages: readonly ToPage[]): void => {
    for (const message of messages) {
      if (message.t === 'message') {
        const given = message.ports.map(portOf);
        for (const listener of listeners.get(message.channel)?.splice(0) ?? []) {
          listener({ ports: given }, message.data);
        }
      } else if (message.t === 'port') ports.get(message.id)?.message(message.data);
      else {
        const port = ports.get(message.id);
        ports.delete(message.id);
        port?.closed();
      }
    }
  };
  Object.defineProperty(window, names.receiverName, { value: take });

  // Electron knows the path of a file at once; Chromium tells it only over its debugging port. So the first event of a
  // file field waits until the paths are known, and is then sent again.
  const files: File[] = [];
  Object.defineProperty(window, names.filesName, { value: files });
  const known = new WeakSet<Event>();
  window.addEventListener(
    'change',
    (event) => {
      const { target } = event;
      if (known.has(event) || !(target instanceof HTMLInputElement) || target.type !== 'file') return;
      event.stopImmediatePropagation();
      const chosen = [...(target.files ?? [])];
      void Promise.all(
        chosen.map(async (file) => {
          const path = await send({ t: 'path', id: files.push(file) - 1 });
          if (typeof path === 'string') paths.set(file, path);
        }),
      ).then(() => {
        const again = new Event('change', { bubbles: true });
        known.add(again);
        target.dispatchEvent(again);
      });
    },
    true,
  );

  const electron = {
    ipcRenderer: {
      once: (channel: string, listener: Listener) => {
        const list = listeners.get(channel) ?? [];
        listeners.set(channel, list);
        list.push(listener);
      },
      send: (channel: string, data: unknown) => void send({ t: 'send', channel, data }),
    },
    contextBridge: {
      exposeInMainWorld: (name: string, face: object) =>
        Object.defineProperty(window, name, { value: Object.freeze(face), enumerable: true }),
    },
    webUtils: { getPathForFile: (file: File) => paths.get(file) ?? '' },
  };
  const module = { exports: {} };
  preload(module.exports, (name) => (name === 'electron' ? electron : undefined), module);
}
