/** One line of `sign-on.ps1`: output, error output, exit code, or a failure. */
export interface Frame {
  readonly kind: 'O' | 'E' | 'X' | 'F';
  readonly text: string;
}

/** Takes PowerShell's output as it arrives and gives the frames of one call; every other line is PowerShell's own. */
export class FrameReader {
  private rest = '';
  private readonly line: RegExp;

  constructor(
    /** Letters and digits only. */
    call: string,
    private readonly onFrame: (frame: Frame) => void,
  ) {
    this.line = new RegExp(`^${call}:([OEXF]):([A-Za-z0-9+/=]*)$`);
  }

  write(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, kind, body] = this.line.exec(line.trim()) ?? [];
      if (kind === 'O' || kind === 'E' || kind === 'X' || kind === 'F') {
        this.onFrame({ kind, text: Buffer.from(body ?? '', 'base64').toString('utf8') });
      }
    }
  }
}
