import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What the compiler says of one file with this text, were it in this layer. Nothing is written. */
function complaints(layer: string, text: string): string[] {
  const configFile = join(root, layer, 'tsconfig.json');
  const { config } = ts.readConfigFile(configFile, (path) => readFileSync(path, 'utf8')) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, dirname(configFile));
  const file = join(root, layer, 'imports-too-much.ts');
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.fileExists = (path) => path === file || ts.sys.fileExists(path);
  host.getSourceFile = (path, version) =>
    path === file ? ts.createSourceFile(path, text, version, true) : read(path, version);
  const program = ts.createProgram([file], { ...options, configFilePath: configFile }, host);
  const source = program.getSourceFile(file);
  return program
    .getSemanticDiagnostics(source)
    .map((found) => ts.flattenDiagnosticMessageText(found.messageText, '\n'));
}

const usesFiles = "import { readFileSync } from 'node:fs';\nexport const text = String(readFileSync('x'));\n";
const usesElectron = "import { app } from 'electron';\nexport const name: string = app.getName();\n";
const usesSvelte = "import { mount } from 'svelte';\nexport const start = mount;\n";
const usesPage = 'export const title = document.title;\n';

test.each([
  ['shared', 'node:fs', usesFiles],
  ['shared', 'electron', usesElectron],
  ['shared', 'the page', usesPage],
  ['renderer', 'node:fs', usesFiles],
  ['renderer', 'electron', usesElectron],
  ['electron/engine', 'electron', usesElectron],
  ['electron/engine', 'svelte', usesSvelte],
  ['electron/engine', 'the page', usesPage],
  ['electron/web-host', 'electron', usesElectron],
  ['electron/cli', 'electron', usesElectron],
])('%s does not compile with %s', (layer, _what, text) => {
  expect(complaints(layer, text)).not.toEqual([]);
});

test.each([
  ['electron/engine', usesFiles],
  ['electron/main', usesElectron],
  ['renderer', usesPage],
  ['renderer', usesSvelte],
  ['shared', 'export const one = 1;\n'],
])('%s compiles with what is its own', (layer, text) => {
  expect(complaints(layer, text)).toEqual([]);
});
