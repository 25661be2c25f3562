// What a client of objects can meet. Adapters turn their server's answers into these; controllers tell them apart.

/** 404: the object is not there (any more). */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} not found`, options);
  }
}

/** 409 on create: the name is taken. With deterministic names, often just one's own earlier write. */
export class AlreadyExistsError extends Error {
  override readonly name = 'AlreadyExistsError';
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} already exists`, options);
  }
}

/** 409 on write: a precondition did not hold. Read again and decide again; never repeat blindly. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** 410: the server no longer knows what happened since that resourceVersion. List again. */
export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/** 403: whoever asks may not do this; RBAC, quota or an admission rule says so. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}

/** 422: the object breaks its schema. Repeating cannot help. */
export class InvalidError extends Error {
  override readonly name = 'InvalidError';
}
