// Door of backups of searches.
export { addBackupCommands } from './command.ts';
