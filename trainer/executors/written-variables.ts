// Which of a program's variables have a value yet. Executors start with none: the trainer writes the initial weights.
import type { Entry, Program } from '../program/index.ts';
import { ExecutorError } from './executor.ts';

/** Variables whose present value the entry needs. */
function neededBy({ operations, updates }: Entry): readonly string[] {
  const read = operations.flatMap(({ attributes }) =>
    'variable' in attributes ? [attributes.variable.name] : [],
  );
  const moved = updates.flatMap((update) =>
    update.kind === 'momentum' ? [update.variable.name, update.accumulator.name] : [],
  );
  return [...read, ...moved];
}

export class WrittenVariables {
  readonly #unwritten: Set<string>;

  constructor(program: Program) {
    this.#unwritten = new Set(program.variables.map(({ name }) => name));
  }

  add(names: readonly string[]): void {
    for (const name of names) this.#unwritten.delete(name);
  }

  /** After a run. */
  addAssignedBy({ updates }: Entry): void {
    if (this.#unwritten.size > 0)
      this.add(updates.flatMap(({ kind, variable }) => (kind === 'assign' ? [variable.name] : [])));
  }

  requireFor(entry: Entry): void {
    if (this.#unwritten.size > 0) this.require(neededBy(entry));
  }

  /** @throws ExecutorError naming the first that has no value */
  require(names: readonly string[]): void {
    const missing = names.find((name) => this.#unwritten.has(name));
    if (missing !== undefined)
      throw new ExecutorError(`variable ${missing} has no value yet: write it first`);
  }
}
