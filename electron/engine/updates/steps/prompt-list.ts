import type { RestartPrompt } from '#engine/appliance/index';

/** A prompt as the steps remember it: `restart haproxy`, `reload apache`, or `restart appliance` for the whole unit. */
export function promptText(prompt: RestartPrompt): string {
  return `${prompt.kind} ${prompt.service}`;
}

/** What the configuration of a unit asks for ("Commit changes") [I]. */
export function promptsOf(services: readonly string[]): readonly string[] {
  return services.map((service) => `restart ${service}`);
}

/** One prompt a service; the first list wins. */
export function mergePrompts(first: readonly string[], second: readonly string[]): readonly string[] {
  const all = [...first, ...second];
  return all.filter((prompt, at) => all.findIndex((other) => serviceOf(other) === serviceOf(prompt)) === at);
}

export function serviceOf(prompt: string): string {
  return prompt.slice(prompt.indexOf(' ') + 1);
}
