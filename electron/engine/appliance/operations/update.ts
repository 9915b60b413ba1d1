import { EvenkeelError } from '#shared/errors';
import { required, type Channels } from '../channels/channels';
import { parseUpdateForm } from '../parsers/update-form';
import { parseMessages, parsePrompts, saysUpdateCompleted } from '../parsers/webui-messages';
import type { InstallInput, InstallOutcome, UpdateForm } from '../types';

const pageTimeoutMs = 30_000;

/**
 * Addresses of the offline update page, tried in order. The online one is known with `action=online` [V]; the offline
 * one is inferred from it [I], and the plain page is the last resort.
 */
function updatePages(): readonly string[] {
  const base = `/lbadmin/config/update.php?mnp=maint&submnp=msu&t=${Math.floor(Date.now() / 1000)}&l=e`;
  return [`${base}&action=offline`, base];
}

export async function readUpdateForm(channels: Channels, signal: AbortSignal): Promise<UpdateForm> {
  const step = 'update form';
  const webui = required(channels.webui, channels.unit, step, 'the WebUI');
  let refused: EvenkeelError | null = null;
  for (const path of updatePages()) {
    try {
      return parseUpdateForm(await webui.page(path, step, pageTimeoutMs, signal), `${webui.origin}${path}`);
    } catch (error) {
      const next =
        error instanceof EvenkeelError && ['form_not_understood', 'channel_unavailable'].includes(error.code);
      if (!next) throw error;
      refused ??= error.with({ unit: channels.unit });
    }
  }
  throw refused ?? new EvenkeelError('form_not_understood', { unit: channels.unit, step });
}

/**
 * Sends archive and checksum by the form the unit shows now and waits until it answers: the request must outlive any
 * view ("Do not navigate away" [G]). Time: 2 s a MB, at least 60 s, and the unit's work afterwards. An error message of
 * the unit is `update_failed`; a cut link says nothing about the outcome, so read the version then.
 */
export async function installUpdate(
  channels: Channels,
  input: InstallInput,
  signal: AbortSignal,
): Promise<InstallOutcome> {
  const { unit } = channels;
  const step = 'install update';
  const webui = required(channels.webui, unit, step, 'the WebUI');
  const form = await readUpdateForm(channels, signal);
  const submit = form.submit ? { [form.submit.name]: form.submit.value } : {};
  const sendMs = Math.max(60_000, (input.archive.bytes / 1_000_000) * 2_000);
  const page = await webui.postFiles(
    form.action,
    { ...form.hidden, ...submit },
    [
      { field: form.archiveField, path: input.archive.path, name: input.archive.name },
      { field: form.checksumField, path: input.checksum.path, name: input.checksum.name },
    ],
    {
      step,
      timeoutMs: sendMs + (input.installTimeoutMs ?? 1_800_000),
      ...(input.onProgress ? { onProgress: input.onProgress } : {}),
    },
    signal,
  );
  const messages = parseMessages(page);
  const completed = saysUpdateCompleted(messages);
  const failure = messages.find(
    ({ kind, text }) => kind === 'error' || /\b(failed|not valid|invalid|error)\b/i.test(text),
  );
  if (!completed && failure) {
    const code = /no space|disk (is )?full|not enough (disk )?space/i.test(failure.text)
      ? 'remote_disk_full'
      : 'update_failed';
    throw new EvenkeelError(code, { unit, step, said: failure.text.slice(0, 300), advice: 'Read the unit’s version.' });
  }
  return { via: 'webui', completed, messages: messages.map(({ text }) => text), prompts: parsePrompts(page) };
}
