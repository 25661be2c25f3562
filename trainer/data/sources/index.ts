// Door of the places that data sets come from.
export { type Checksum, digestFile } from './checksum.ts';
export { CommandMissingError, type CommandRunner, runCommand } from './command.ts';
export { type DebianPackage, debianPackage } from './debian-package.ts';
export { type HttpArchive, httpArchive } from './http-archive.ts';
export { type HttpFiles, httpFiles } from './http-files.ts';
export { registered } from './registered.ts';
export type {
  DatasetSource,
  FetchContext,
  FetchPatience,
  FetchProgress,
} from './source.ts';
export { SourceError } from './source-error.ts';
export type { WantedMembers } from './tar.ts';
