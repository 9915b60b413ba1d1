export { openDatabase, type Database, type DatabaseOptions } from './open';
export { migrations, type Migration } from './migrations/index';
export type { Schema } from './schema';
