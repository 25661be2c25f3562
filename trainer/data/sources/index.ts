// Door of the places that data sets come from.
export { type Checksum, digestFile } from './checksum.ts';
export { CommandMissingError, type CommandRunner, runCommand } from './command.ts';
export { type DebianPackage, debianPackage } from './debian-package.ts';
export { type HttpArchive, httpArchive } from './http-archive.ts';
export { type HttpFiles, httpFiles } from './http-files.ts';
export {
  type DatasetSource,
  type FetchContext,
  type FetchPatience,
  type FetchProgress,
  SourceError,
} from './source.ts';
export type { WantedMembers } from './tar.ts';
