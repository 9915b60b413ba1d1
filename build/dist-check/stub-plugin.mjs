// A 32-bit DLL that exports the given names and holds no code. makensis reads only the names when it compiles a script
// that calls a plug-in; the real plug-ins come with electron-builder's download.
import { NtExecutable, Format } from 'resedit';

const exportEntry = Format.ImageDirectoryEntry.Export;
/** Read-only initialised data [PE format, section flags]. */
const readOnlyData = 0x40000040;

export function stubPlugin(fileName, functionNames) {
  const dll = NtExecutable.createEmpty(true, true);
  // The table names addresses, and the address of its section is known only once the section is there.
  const section = (data) => ({
    info: {
      name: '.edata',
      virtualSize: data.byteLength,
      virtualAddress: 0,
      sizeOfRawData: data.byteLength,
      pointerToRawData: 0,
      pointerToRelocations: 0,
      pointerToLineNumbers: 0,
      numberOfRelocations: 0,
      numberOfLineNumbers: 0,
      characteristics: readOnlyData,
    },
    data,
  });
  dll.setSectionByEntry(exportEntry, section(exportTable(0, fileName, functionNames)));
  const address = dll.getSectionByEntry(exportEntry).info.virtualAddress;
  dll.setSectionByEntry(exportEntry, section(exportTable(address, fileName, functionNames)));
  return Buffer.from(dll.generate());
}

/** Directory (40 bytes), addresses, name pointers, ordinals, then the names [PE format, .edata]. */
function exportTable(base, fileName, functionNames) {
  const names = [...functionNames].sort();
  const count = names.length;
  const addresses = 40;
  const pointers = addresses + 4 * count;
  const ordinals = pointers + 4 * count;
  const texts = ordinals + 2 * count;
  const strings = [fileName, ...names].map((text) => Buffer.from(`${text}\0`, 'latin1'));
  const table = Buffer.alloc(texts);
  let at = texts;
  const places = strings.map((text) => {
    const place = base + at;
    at += text.length;
    return place;
  });
  table.writeUInt32LE(places[0], 12);
  table.writeUInt32LE(1, 16);
  table.writeUInt32LE(count, 20);
  table.writeUInt32LE(count, 24);
  table.writeUInt32LE(base + addresses, 28);
  table.writeUInt32LE(base + pointers, 32);
  table.writeUInt32LE(base + ordinals, 36);
  names.forEach((_name, index) => {
    table.writeUInt32LE(base, addresses + 4 * index);
    table.writeUInt32LE(places[index + 1], pointers + 4 * index);
    table.writeUInt16LE(index, ordinals + 2 * index);
  });
  const all = Buffer.concat([table, ...strings]);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength);
}
