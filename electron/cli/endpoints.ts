import { z } from 'zod';
import { contract } from '#shared/contract/index';

/** The list of every call and stream, made from the contract: kind, name, what it does, and the form of its input. */
export function endpoints(): string {
  const lines: string[] = [];
  for (const [name, call] of Object.entries(contract.calls)) {
    lines.push(`${call.kind.padEnd(8)}${name.padEnd(30)}${call.about}`, ...inputForm(call.input));
  }
  for (const [name, stream] of Object.entries(contract.streams)) {
    lines.push(`${'stream'.padEnd(8)}${name.padEnd(30)}${stream.about}`, ...inputForm(stream.input));
  }
  return `${lines.join('\n')}\n`;
}

function inputForm(schema: z.ZodType): string[] {
  const form: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const properties = z.object({ properties: z.record(z.string(), z.unknown()).default({}) }).parse(form).properties;
  const required = z.object({ required: z.array(z.string()).default([]) }).parse(form).required;
  const fields = Object.keys(properties).map((key) => (required.includes(key) ? key : `${key}?`));
  return fields.length === 0 ? [] : [`${''.padEnd(38)}{ ${fields.join(', ')} }`];
}
