import type { LbcliCall } from '../types';
import { HttpsChannel, textOfAnswer } from './https';
import { checkLbcliCall } from './lbcli-command';
import type { HttpsEndpoint } from './pinned-agent';
import type { ApiLogin } from '#shared/contract/inventory';

const path = '/api/v2/'; // [V]
const answerLimit = 16_000_000;

/** lbcli's actions as JSON over HTTPS: off until it is enabled on the unit, with an account of its own [V]. */
export class ApiChannel {
  private readonly https: HttpsChannel;

  constructor(
    endpoint: HttpsEndpoint,
    private readonly login: ApiLogin | null,
  ) {
    this.https = new HttpsChannel(endpoint, login, 'HTTPS API');
  }

  /** Sends calls in one body and returns the answer as it came. A unit without API answers `channel_unavailable`. */
  async call(calls: readonly LbcliCall[], step: string, timeoutMs: number, signal: AbortSignal): Promise<string> {
    // Header names with hyphens: newer versions drop the form with underscores [V].
    const secret = this.login?.key ?? null;
    const key = secret === null ? {} : { 'x-lb-apikey': Buffer.from(secret).toString('base64') };
    const body = JSON.stringify({ lbcli: calls.map(checkLbcliCall) });
    const headers = { 'content-type': 'application/json', ...key };
    return this.https.request({ step, method: 'POST', path, timeoutMs, headers, body }, signal, (answer) =>
      textOfAnswer(answer, answerLimit, { unit: this.https.endpoint.unit, step }),
    );
  }

  async close(): Promise<void> {
    await this.https.close();
  }
}
