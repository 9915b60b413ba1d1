// A folder that looks to electron-builder like an unpacked Electron for Windows: a program without code that carries a
// version resource (asar integrity and the icon are written into it) and the fuse wire.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';

/** The marker before the fuses in every Electron binary [@electron/fuses, SENTINEL]. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 8;
const english = { lang: 1033, codepage: 1200 };

export function writeStubElectron(folder, version) {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program, true);
  const info = Resource.VersionInfo.createEmpty();
  info.lang = english.lang;
  info.setFileVersion(version, english.lang);
  info.setStringValues(english, { ProductName: 'Stub of Electron, no program', FileVersion: version });
  info.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  // Version 1 of the wire, its length, then one state a fuse: all off ('0'), so that each one set shows as changed.
  program.setExtraData(
    Buffer.concat([Buffer.from(sentinel, 'latin1'), Buffer.from([1, fuseCount]), Buffer.alloc(fuseCount, '0')]),
  );
  writeFileSync(join(folder, 'electron.exe'), Buffer.from(program.generate()));
  writeFileSync(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), 'Stub\n');
}
