import type { z } from 'zod';
import { EvenkeelError } from '#shared/errors';

/** Checks a caller's arguments. Throws `invalid_argument` naming each field, never its value: it may be a secret. */
export function checkInput(schema: z.ZodType, input: unknown, name: string): unknown {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new EvenkeelError('invalid_argument', { call: name, problems: problems(result.error) });
}

/** Checks what a handler answers, so that a wrong answer is found here and not in a view. Throws `invalid_answer`. */
export function checkOutput(schema: z.ZodType, output: unknown, name: string): unknown {
  const result = schema.safeParse(output);
  if (result.success) return result.data;
  throw new EvenkeelError('invalid_answer', { call: name, problems: problems(result.error) });
}

function problems(error: z.ZodError): string[] {
  return error.issues
    .slice(0, 20)
    .map((issue) => `${issue.path.map(String).join('.') || '(whole)'}: ${describe(issue)}`);
}

function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.join(', ')}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}
