export { Shell, type CommandCall, type CommandImplementation, type ShellFiles } from './interpreter';
export { nothingToRead, nowhere, Collector, readAll, type Sink, type Source } from './streams';
