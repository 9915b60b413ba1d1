import { posix } from 'node:path';
import type { CommandCall, CommandImplementation } from '../shell/index';
import { UnitFileError, type UnitFiles } from '../unit-files';
import type { FaultBook } from '../../faults';
import { withoutOptions } from './text-tools';

const diskBlocks = 20_961_280;
const usedBlocks = 7_340_032;

/** Commands on files and folders. */
export function fileTools(files: UnitFiles, faults: FaultBook): [string, CommandImplementation][] {
  const guarded =
    (run: CommandImplementation): CommandImplementation =>
    async (call) => {
      try {
        return await run(call);
      } catch (error) {
        if (!(error instanceof UnitFileError)) throw error;
        await call.err.write(`${call.name}: ${withoutOptions(call.args).at(-1) ?? ''}: ${error.message}\n`);
        return 1;
      }
    };
  const tools: [string, CommandImplementation][] = [
    ['ls', (call) => listFiles(call, files)],
    ['stat', (call) => statFile(call, files)],
    ['df', (call) => freeSpace(call, faults.find('disk-full') !== null)],
    [
      'mv',
      async (call) => {
        const [from = '', to = ''] = withoutOptions(call.args);
        await files.move(from, to);
        return 0;
      },
    ],
    [
      'rm',
      async (call) => {
        const flags = call.args.filter((item) => item.startsWith('-')).join('');
        for (const path of withoutOptions(call.args)) {
          if (!flags.includes('f') || (await files.exists(path))) await files.remove(path, flags.includes('r'));
        }
        return 0;
      },
    ],
    [
      'mkdir',
      async (call) => {
        for (const path of withoutOptions(call.args)) await files.makeFolder(path, call.args.includes('-p'));
        return 0;
      },
    ],
    [
      'touch',
      async (call) => {
        for (const path of withoutOptions(call.args)) await (await files.open(path, 'a')).close();
        return 0;
      },
    ],
  ];
  return tools.map(([name, run]) => [name, guarded(run)]);
}

async function listFiles(call: CommandCall, files: UnitFiles): Promise<number> {
  const long = call.args.some((item) => /^-\w*l/.test(item));
  let status = 0;
  const paths = withoutOptions(call.args);
  for (const path of paths.length ? paths : ['.']) {
    try {
      const facts = await files.facts(path);
      const names = facts.kind === 'folder' && !call.args.includes('-d') ? await files.list(path) : [path];
      for (const name of names) {
        if (!long) await call.out.write(`${name}\n`);
        else {
          const item = await files.facts(facts.kind === 'folder' ? posix.join(files.resolve(path), name) : path);
          const mode = item.kind === 'folder' ? 'drwxr-xr-x' : '-rw-r--r--';
          const time = new Date(item.modifiedAt).toISOString().slice(0, 16).replace('T', ' ');
          await call.out.write(`${mode} 1 root root ${item.size} ${time} ${name}\n`);
        }
      }
    } catch (error) {
      if (!(error instanceof UnitFileError)) throw error;
      await call.err.write(`ls: cannot access '${path}': ${error.message}\n`);
      status = 2;
    }
  }
  return status;
}

/** `stat -c FORMAT`, GNU style. */
async function statFile(call: CommandCall, files: UnitFiles): Promise<number> {
  const at = call.args.findIndex((item) => item === '-c' || item.startsWith('--format'));
  const joined = call.args[at]?.split('=')[1];
  const format = joined ?? call.args[at + 1] ?? '%n %s';
  let status = 0;
  for (const path of withoutOptions(call.args).filter((item) => item !== format)) {
    try {
      const facts = await files.facts(path);
      const values: Record<string, string> = {
        s: String(facts.size),
        n: path,
        Y: String(Math.floor(facts.modifiedAt / 1000)),
        F: facts.kind === 'folder' ? 'directory' : 'regular file',
        a: facts.kind === 'folder' ? '755' : '644',
        U: 'root',
        G: 'root',
      };
      await call.out.write(`${format.replace(/%([snYFaUG])/g, (_, key: string) => values[key] ?? '')}\n`);
    } catch (error) {
      if (!(error instanceof UnitFileError)) throw error;
      await call.err.write(`stat: cannot statx '${path}': ${error.message}\n`);
      status = 1;
    }
  }
  return status;
}

/** POSIX form, in blocks of 1024 bytes, or of 1 byte with `-B1`. */
async function freeSpace(call: CommandCall, full: boolean): Promise<number> {
  const bytes = call.args.some((item) => /^(-B1|--block-size=1)$/.test(item));
  const factor = bytes ? 1024 : 1;
  const used = full ? diskBlocks : usedBlocks;
  await call.out.write(
    `Filesystem     ${bytes ? '1-blocks' : '1024-blocks'}     Used Available Capacity Mounted on\n` +
      `/dev/sda2       ${diskBlocks * factor} ${used * factor} ${(diskBlocks - used) * factor} ${full ? 100 : 36}% /\n`,
  );
  return 0;
}
