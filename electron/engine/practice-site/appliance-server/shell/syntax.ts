/** What a command line means. A subset of the POSIX shell: enough for what an administrator or a driver sends. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback: string | null; readonly quoted: boolean }
  | { readonly kind: 'command'; readonly source: string; readonly quoted: boolean };

export type Word = readonly WordPart[];

export interface Redirect {
  readonly fd: number;
  readonly kind: 'write' | 'append' | 'read' | 'duplicate';
  readonly target: Word;
}

export interface ListItem {
  readonly pipeline: Pipeline;
  /** What stands before it: run always, only after success, only after failure. */
  readonly when: 'always' | 'success' | 'failure';
}

export type List = readonly ListItem[];

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export type Command = { readonly redirects: readonly Redirect[] } & (
  | { readonly kind: 'simple'; readonly assignments: readonly Assignment[]; readonly words: readonly Word[] }
  | { readonly kind: 'group' | 'subshell'; readonly body: List }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: List | null }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: List }
  | { readonly kind: 'while'; readonly until: boolean; readonly condition: List; readonly body: List }
);

export interface Branch {
  readonly condition: List;
  readonly body: List;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

/** The line cannot be understood; a shell answers with status 2. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
}
