// The Logger port over pino: one JSON object a line, an error with its causes, nothing that opens a door to others.
import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import type { Fields, Logger } from '../../runtime/index.ts';

export type LogLevel = 'error' | 'info' | 'debug';

/** Fields that could carry a credential, wherever they stand. */
const SECRET = ['token', 'password', 'authorization', 'credentials', 'creds'];

/** Writes to standard output unless told otherwise. */
export function pinoLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    messageKey: 'message',
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
  };
  return over(destination === undefined ? pino(options) : pino(options, destination));
}

const over = (to: PinoLogger): Logger => ({
  info: (message, fields) => to.info(shown(fields), message),
  error: (message, fields) => to.error(shown(fields), message),
  with: (fields) => over(to.child(shown(fields))),
});

function shown(fields: Fields = {}): Fields {
  return 'error' in fields ? { ...fields, error: textOf(fields['error']) } : fields;
}

/** Name and message of an error and of its causes; the stack only of one that is no error of ours. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = BUGS.includes(error.name) ? (error.stack ?? String(error)) : String(error);
  return error.cause === undefined ? own : `${own}, caused by ${textOf(error.cause)}`;
}

const BUGS = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'];
