import { EvenkeelError } from '#shared/errors';
import { sections, type Section } from './sections';

function privileged(section: Section, username: string): string {
  if (!section.root || username === 'root') return section.command;
  const at = section.command.lastIndexOf('| ');
  if (at < 0) return `sudo -n ${section.command}`;
  return `${section.command.slice(0, at + 2)}sudo -n ${section.command.slice(at + 2)}`;
}

/**
 * The one command line of a poll: every section between a line `@<nonce> <name>` and one `@<nonce> = <exit status>`,
 * errors included. `nonce` is new for each call, so that nothing a unit prints can pass for a marker.
 */
export function buildReadCommand(nonce: string, username = 'root'): string {
  if (!/^[0-9a-f]{16,64}$/.test(nonce)) throw new EvenkeelError('invalid_argument', { step: 'read', option: 'nonce' });
  const parts = sections.map(
    (section) => `echo '@${nonce} ${section.name}'; ${privileged(section, username)} 2>&1; echo "@${nonce} = $?"`,
  );
  return ['export LC_ALL=C', 'export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"', ...parts].join('; ');
}
