import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { httpAnswer, runLbcli, type Machine } from '../appliance-server/index';
import { basicLogin, readBody } from './http-tools';

const action = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const bodySchema = z.object({ lbcli: z.union([z.array(action), action]) });

/** `POST /api/v2/`: Basic login and the key in base64, several actions in one body [V]. Off until it is enabled. */
export async function serveApi(machine: Machine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const unit = machine.world.appliance(machine.unitName);
  if (!unit.apiEnabled) return send(response, 404, { error: 'not found' });
  const { username, password, key } = machine.logins.api;
  const login = basicLogin(request);
  const keyHeader = request.headers['x-lb-apikey'];
  const welcome =
    !machine.faults.find('wrong-credentials') &&
    login?.username === username &&
    login.password === password &&
    keyHeader === Buffer.from(key).toString('base64');
  if (!welcome) {
    response.setHeader('www-authenticate', 'Basic realm="Loadbalancer API"');
    return send(response, 401, { error: 'unauthorized' });
  }
  if (request.method !== 'POST') return send(response, 405, { error: 'method not allowed' });
  const body = bodySchema.safeParse(parseJson(await readBody(request)));
  if (!body.success) return send(response, 400, { lbapi: [{ status: 'failed', message: 'invalid body' }] });
  const calls = Array.isArray(body.data.lbcli) ? body.data.lbcli : [body.data.lbcli];
  const records = calls.map((call) =>
    runLbcli(machine, Object.fromEntries(Object.entries(call).map(([name, value]) => [name, String(value)]))),
  );
  send(response, 200, httpAnswer(records, unit.version));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
