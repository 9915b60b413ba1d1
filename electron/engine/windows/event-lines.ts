import { scriptEvent, type ScriptEvent } from '#shared/domain/direct-routing/index';

const longestLine = 4_000_000;

/** Takes a script's output as it arrives and gives whole events. A line that is none ends the reading with its text. */
export class EventLines {
  private rest = '';

  constructor(private readonly onEvent: (event: ScriptEvent) => void) {}

  /** Throws `NotAnEvent`. */
  write(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > longestLine) throw new NotAnEvent('a line without an end');
    for (const line of lines) this.line(line);
  }

  /** Throws `NotAnEvent` for a last line that was cut. */
  end(): void {
    this.line(this.rest);
    this.rest = '';
  }

  private line(raw: string): void {
    const line = raw.replace(/^\uFEFF/, '').trim();
    if (line === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      if (error instanceof SyntaxError) throw new NotAnEvent(line.slice(0, 200));
      throw error;
    }
    const parsed = scriptEvent.safeParse(value);
    if (!parsed.success) throw new NotAnEvent(line.slice(0, 200));
    this.onEvent(parsed.data);
  }
}

/** Output that is no event of ours: shown as it is, never acted on. */
export class NotAnEvent extends Error {
  constructor(readonly text: string) {
    super(`Not a line of the script: ${text}`);
  }
}
