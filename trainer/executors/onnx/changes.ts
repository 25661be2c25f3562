// The variables that an entry changes: what each is now, while its updates are written one after another.
import type { Entry } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';

interface Next {
  readonly tensor: string;
  /** Or only under a condition: what comes out is empty where it does not hold. */
  readonly always: boolean;
}

export class Changes {
  readonly #entry: Entry;
  readonly #fed: (variable: string) => string;
  readonly #next = new Map<string, Next>();

  /** @param fed a variable's tensor at the start of the step */
  constructor(entry: Entry, fed: (variable: string) => string) {
    this.#entry = entry;
    this.#fed = fed;
  }

  /** After the updates before. */
  now(variable: string): string {
    const next = this.#next.get(variable);
    if (next === undefined) return this.#fed(variable);
    if (!next.always) this.#refuse(variable);
    return next.tensor;
  }

  set(variable: string, next: Next): void {
    if (!next.always && this.#next.has(variable)) this.#refuse(variable);
    this.#next.set(variable, next);
  }

  all(): readonly (readonly [string, Next])[] {
    return [...this.#next];
  }

  #refuse(variable: string): never {
    throw new ExecutorError(
      `entry ${this.#entry.name}: the ONNX executor cannot update variable ${variable} twice where one of the updates is under a condition`,
    );
  }
}
