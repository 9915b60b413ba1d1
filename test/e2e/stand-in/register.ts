import Module from 'node:module';
import { join } from 'node:path';

// Loaded with `node --require` before the unmodified main bundle: `require('electron')` finds the stand-in.

type Resolve = (request: string, ...rest: readonly unknown[]) => string;

const standIn = join(__dirname, 'electron.ts');
const resolve = Reflect.get(Module, '_resolveFilename') as Resolve;
const redirect: Resolve = (request, ...rest) => (request === 'electron' ? standIn : resolve(request, ...rest));
Reflect.set(Module, '_resolveFilename', redirect);
