import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../appliance-server/index';
import type { Certificate } from '../certificate';
import { serveApi } from './api';
import { backup, licence, power, restart, security, support, type FormHandler } from './forms';
import { basicLogin } from './http-tools';
import { overviewPage } from './overview-page';
import { page } from './pages';
import { offlineUpdate, onlineUpdate, sendPage, updatePage } from './update-page';

const forms: ReadonlyMap<string, FormHandler> = new Map([
  ['backup.php', backup],
  ['restart.php', restart],
  ['power.php', power],
  ['security.php', security],
  ['secure.php', security],
  ['upgrade.php', licence],
  ['support.php', support],
]);

/** The HTTPS service of a unit: WebUI and API. It takes sockets from its gate, and listens on a port of its own. */
export class WebuiServer {
  private readonly server: Server;

  constructor(
    private readonly machine: Machine,
    certificate: Certificate,
  ) {
    this.server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
      this.handle(request, response).catch((error: unknown) => this.fail(error, request, response));
    });
    // An update answers for as long as it takes.
    this.server.requestTimeout = 0;
    this.server.timeout = 0;
  }

  async start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => {
        const address = this.server.address();
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('The WebUI has no port'));
      });
    });
  }

  take(socket: Socket): void {
    this.server.emit('connection', socket);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { machine } = this;
    const delay = machine.faults.find('delay')?.milliseconds;
    if (delay !== undefined) await sleep(delay, undefined, { signal: machine.signal });
    const url = new URL(request.url ?? '/', 'https://unit');
    if (/^\/api\/v2\/?$/.test(url.pathname)) return serveApi(machine, request, response);
    if (url.pathname === '/') {
      response.writeHead(302, { location: '/lbadmin/' }).end();
      return;
    }
    if (!url.pathname.startsWith('/lbadmin')) return sendPage(response, 'Not found', 404);
    if (!this.loggedIn(request)) {
      response.setHeader('www-authenticate', 'Basic realm="Loadbalancer.org administration"');
      return sendPage(response, 'Unauthorized', 401);
    }
    await this.admin(request, response, url);
  }

  private async admin(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { machine } = this;
    const file = url.pathname.replace(/^\/lbadmin\/?(config\/)?/, '');
    const form = forms.get(file);
    if (form) return form(machine, request, response, url.searchParams);
    if (file === 'update.php') {
      if (request.method !== 'POST') return sendPage(response, updatePage(machine, url.searchParams));
      return url.searchParams.get('action') === 'offline'
        ? offlineUpdate(machine, request, response)
        : onlineUpdate(machine, response);
    }
    if (file === '' || file === 'index.php') return sendPage(response, overviewPage(machine));
    sendPage(response, page(machine, 'Not found', ''), 404);
  }

  private loggedIn(request: IncomingMessage): boolean {
    const { username, password } = this.machine.logins.webui;
    const login = basicLogin(request);
    if (this.machine.faults.find('wrong-credentials')) return false;
    return login?.username === username && login.password === password;
  }

  /** A client that leaves in the middle of a request gets no answer; anything else is the practice site's own fault. */
  private fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (request.destroyed && !response.writable) return;
    if (response.headersSent) response.destroy();
    else sendPage(response, `Practice site: ${error instanceof Error ? error.message : 'failed'}`, 500);
  }
}
