import type { z } from 'zod';
import type { errorShape } from '#shared/contract/common';
import { EvenkeelError, type ErrorDetails } from '#shared/errors';
import { redactText, type Log } from '#engine/log/index';

/** As the contract and the journal carry an error. */
export type ErrorItem = z.infer<typeof errorShape>;

/** An error as the journal keeps it: with unit and step, without secrets; what was not expected goes to the log. */
export function toErrorShape(error: unknown, where: ErrorDetails, log: Log): ErrorItem {
  const known =
    error instanceof EvenkeelError
      ? error.with(where)
      : new EvenkeelError('internal', { ...where, logId: log.unexpected(error, where.step ?? 'job') });
  return toItem(known);
}

/** Without what is not there, and without secrets. */
export function toItem(error: EvenkeelError): ErrorItem {
  return { code: error.code, message: redactText(error.message), details: clean(error.details) };
}

function clean(details: ErrorDetails): ErrorItem['details'] {
  return Object.fromEntries(
    Object.entries(details).flatMap(([key, value]) => (value === undefined ? [] : [[key, cleanValue(value)]])),
  );
}

function cleanValue(value: NonNullable<ErrorDetails[string]> | null): ErrorItem['details'][string] {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  return value.map((item) => redactText(item));
}
