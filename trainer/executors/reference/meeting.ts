// Workers that sum up, simulated in one process: each gives its numbers and gets the sum once all have given theirs.
import { ExecutorError } from '../executor.ts';

export interface Meeting {
  /** What the name's meeting comes to; each of `world` workers gives as many numbers. */
  sum(name: string, numbers: Float64Array, world: number): Promise<Float64Array>;
}

/** For one worker: nobody else would ever come. */
export const noMeeting: Meeting = {
  sum: async (name, _, world) => {
    throw new ExecutorError(`${name}: expected ${world} workers, got one without others to meet`);
  },
};

interface Round {
  readonly given: Float64Array[];
  readonly sum: PromiseWithResolvers<Float64Array>;
}

/** Shared by the executors of all workers. */
export function createMeeting(): Meeting {
  const rounds = new Map<string, Round>();
  return {
    sum: (name, numbers, world) => {
      const round = rounds.get(name) ?? { given: [], sum: Promise.withResolvers() };
      rounds.set(name, round);
      round.given.push(numbers);
      if (round.given.length < world) return round.sum.promise;
      rounds.delete(name);
      round.sum.resolve(added(round.given));
      return round.sum.promise;
    },
  };
}

const added = ([first = new Float64Array(), ...others]: readonly Float64Array[]): Float64Array =>
  others.reduce((sum, each) => sum.map((number, i) => number + (each[i] ?? Number.NaN)), first);
