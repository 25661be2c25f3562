// TF_Status: what a C call says of itself, turned into an ExecutorError.
import { ExecutorError } from '../executor.ts';
import type { CApi, Handle } from './c-api.ts';

/** What C said, with its TF_Code. */
export class StatusError extends ExecutorError {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** Runs `call` with a status of its own. `doing` opens the error, e.g. "TensorFlow refused step/conv2d_3 (Conv2D)". */
export function checked<T>(api: CApi, doing: string, call: (status: Handle) => T): T {
  const status = api.newStatus();
  try {
    const result = call(status);
    throwIfFailed(api, doing, status);
    return result;
  } finally {
    api.deleteStatus(status);
  }
}

/** As `checked`, for a handle that C gives only when all went well. */
export function checkedHandle(
  api: CApi,
  doing: string,
  call: (status: Handle) => Handle | null,
): Handle {
  const handle = checked(api, doing, call);
  if (handle === null) throw new ExecutorError(`${doing}: C gave no handle`);
  return handle;
}

export function throwIfFailed(api: CApi, doing: string, status: Handle): void {
  const code = api.statusCode(status);
  if (code !== 0) throw new StatusError(`${doing}: ${api.statusMessage(status)}`, code);
}
