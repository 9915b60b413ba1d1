import { EvenkeelError } from '#shared/errors';

/** Drawing up a plan only reads. A failure on the way says so. */
export async function nothingSent<T>(drawing: Promise<T>): Promise<T> {
  try {
    return await drawing;
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    throw error.with({ unchanged: 'Nothing was sent.' });
  }
}
