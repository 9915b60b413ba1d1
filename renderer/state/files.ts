import { z } from 'zod';
import { EvenkeelError, isErrorCode } from '#shared/errors';

const tokenKey = 'evenkeel-token';
const handed = z.object({ path: z.string() });
const refusal = z.object({ code: z.string(), message: z.string() });

/**
 * Hands a file that was dropped or chosen to the engine and gives its path there. The desktop names the path; a browser
 * cannot, so the file is streamed to the host that served the page. Throws `file_unreadable` or what the host answers.
 */
export async function handOver(window: Window, file: File, signal: AbortSignal): Promise<string> {
  const path = window.evenkeelHost?.pathForFile(file);
  if (path !== undefined) return path;
  const token = window.sessionStorage.getItem(tokenKey) ?? '';
  const answer = await send(`/files/${encodeURIComponent(file.name)}`, token, file, signal);
  const body: unknown = await answer.json().catch(() => null);
  const given = handed.safeParse(body);
  if (answer.ok && given.success) return given.data.path;
  const told = refusal.safeParse(body);
  const code = told.success && isErrorCode(told.data.code) ? told.data.code : 'file_unreadable';
  throw new EvenkeelError(code, { step: 'handing over the file', file: file.name, unchanged: 'The shelf.' });
}

async function send(url: string, token: string, file: File, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { method: 'PUT', body: file, headers: { Authorization: `Bearer ${token}` }, signal });
  } catch (error) {
    const code = signal.aborted ? 'aborted' : 'engine_lost';
    throw new EvenkeelError(code, { step: 'handing over the file', file: file.name }, undefined, { cause: error });
  }
}
