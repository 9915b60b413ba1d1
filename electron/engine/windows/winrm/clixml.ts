const MARKER = '#< CLIXML';
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeText(xml: string): string {
  const text = xml.replaceAll(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g,
    (whole, hex, decimal, name) => {
      if (typeof name === 'string') return ENTITIES[name] ?? whole;
      const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  // Escapes of the serializer: _x000D_ and, for a real underscore, _x005F_. Surrogates come as two of them.
  return text.replaceAll(/_x([0-9a-fA-F]{4})_/g, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/**
 * The readable part of what `powershell.exe` writes to standard error when it is redirected: the errors of its CLIXML,
 * without progress and other streams. Text that is not CLIXML stays as it is. Works on a stream that was cut.
 */
export function decodeCliXml(text: string): string {
  const [before = '', ...documents] = text.split(MARKER);
  const parts = documents.map((document) => {
    const end = document.lastIndexOf('</Objs>');
    const errors = [...document.matchAll(/<S S="Error">([^<]*)<\/S>/g)].map((match) => decodeText(match[1] ?? ''));
    const after = end < 0 ? '' : document.slice(end + '</Objs>'.length).replace(/^\r?\n/, '');
    return errors.join('') + after;
  });
  return before + parts.join('');
}
