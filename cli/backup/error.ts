// What backups and restores end with where a person has to act.

/** Nothing can be kept from there, or given back there. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly exitCode = 2;
}
