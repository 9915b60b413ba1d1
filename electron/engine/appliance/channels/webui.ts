import { createHash } from 'node:crypto';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EvenkeelError } from '#shared/errors';
import type { Progress } from '../types';
import { networkFailure } from './failures';
import { HttpsChannel, textOfAnswer, type HttpsAnswer } from './https';
import { multipartForm, type FilePart } from './multipart';

const pageLimit = 8_000_000;
const redirectTimeoutMs = 30_000;

interface Page {
  readonly text: string;
  /** Path of the page it leads to, on the same host. */
  readonly next: string | null;
}

export interface Download {
  readonly fileName: string | null;
  readonly bytes: number;
  readonly sha256: string;
}

/** The pages of a unit's WebUI: plain GET and POST with Basic authentication [V][T]. */
export class WebuiChannel extends HttpsChannel {
  /** Redirects on the same host are followed, three at most: many forms answer with one [I]. */
  async page(path: string, step: string, timeoutMs: number, signal: AbortSignal, redirects = 3): Promise<string> {
    const page = await this.request({ step, method: 'GET', path, timeoutMs }, signal, (answer) =>
      this.text(answer, step, path),
    );
    return this.follow(page, redirects, step, signal);
  }

  async postForm(
    path: string,
    fields: Readonly<Record<string, string>>,
    step: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<string> {
    const page = await this.request(
      { step, method: 'POST', path, timeoutMs, ...urlEncoded(fields) },
      signal,
      (answer) => this.text(answer, step, path),
    );
    return this.follow(page, 3, step, signal);
  }

  /** Sends a form with files, streamed. The deadline covers sending and the unit's work afterwards. */
  async postFiles(
    path: string,
    fields: Readonly<Record<string, string>>,
    files: readonly FilePart[],
    options: { readonly step: string; readonly timeoutMs: number; readonly onProgress?: (progress: Progress) => void },
    signal: AbortSignal,
  ): Promise<string> {
    const form = await multipartForm(fields, files, options.onProgress);
    const headers = { 'content-type': form.contentType, 'content-length': String(form.contentLength) };
    try {
      const page = await this.request(
        { step: options.step, method: 'POST', path, timeoutMs: options.timeoutMs, headers, body: form.body },
        signal,
        (answer) => this.text(answer, options.step, path),
      );
      return await this.follow(page, 3, options.step, signal);
    } finally {
      form.body.destroy();
    }
  }

  /**
   * Posts a form whose answer is an attachment and streams it into `into`, which is ended. A page instead of an
   * attachment is `answer_not_understood`; more than `limitBytes` is `too_large`.
   */
  async download(
    path: string,
    fields: Readonly<Record<string, string>>,
    into: Writable,
    options: { readonly step: string; readonly timeoutMs: number; readonly limitBytes: number },
    signal: AbortSignal,
  ): Promise<Download> {
    const where = { unit: this.endpoint.unit, step: options.step };
    const { step, timeoutMs, limitBytes } = options;
    return this.request({ step, method: 'POST', path, timeoutMs, ...urlEncoded(fields) }, signal, async (answer) => {
      const disposition = answer.headers['content-disposition'] ?? '';
      if (!/attachment/i.test(disposition)) {
        await answer.body.dump({ limit: pageLimit });
        throw new EvenkeelError('answer_not_understood', { ...where, advice: 'The unit answered with a page.' });
      }
      const hash = createHash('sha256');
      let bytes = 0;
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          hash.update(chunk);
          done(bytes > limitBytes ? new EvenkeelError('too_large', { ...where, limitBytes }) : null, chunk);
        },
      });
      try {
        await pipeline(answer.body, meter, into, { signal });
      } catch (error) {
        throw networkFailure(error, where);
      }
      return { fileName: fileNameOf(disposition), bytes, sha256: hash.digest('hex') };
    });
  }

  private async text(answer: HttpsAnswer, step: string, path: string): Promise<Page> {
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers['location'] : undefined;
    const target = location === undefined ? null : URL.parse(location, `${this.origin}${path}`);
    const text = await textOfAnswer(answer, pageLimit, { unit: this.endpoint.unit, step });
    return { text, next: target?.origin === this.origin ? `${target.pathname}${target.search}` : null };
  }

  private async follow(page: Page, redirects: number, step: string, signal: AbortSignal): Promise<string> {
    if (page.next === null || redirects <= 0) return page.text;
    return this.page(page.next, step, redirectTimeoutMs, signal, redirects - 1);
  }
}

function urlEncoded(fields: Readonly<Record<string, string>>): { headers: Record<string, string>; body: string } {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  };
}

/** The name in `Content-Disposition`, without any folder. */
function fileNameOf(disposition: string): string | null {
  const name = /filename\*?="?(?:UTF-8'')?([^";]{1,255})"?/i.exec(disposition)?.[1]?.trim();
  return name?.split(/[/\\]/).at(-1) || null;
}
