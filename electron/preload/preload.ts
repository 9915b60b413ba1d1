import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels } from './channels';

// Hands the window a transport, nothing else: a port to the engine, and the path of a file that a person dropped.

interface WindowPort {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

function connect(): Promise<WindowPort> {
  return new Promise((resolve) => {
    ipcRenderer.once(channels.port, (event) => {
      const [port] = event.ports;
      if (port !== undefined) resolve(wrap(port));
    });
    ipcRenderer.send(channels.connect);
  });
}

function wrap(port: MessagePort): WindowPort {
  // The engine may end before the window listens for that.
  let isClosed = false;
  port.addEventListener('close', () => {
    isClosed = true;
  });
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.onmessage = (event) => listener(event.data);
    },
    onClose: (listener) => {
      if (isClosed) listener();
      else port.addEventListener('close', () => listener());
    },
    close: () => port.close(),
  };
}

contextBridge.exposeInMainWorld('evenkeelHost', {
  connect,
  pathForFile: (file: File) => webUtils.getPathForFile(file),
});
