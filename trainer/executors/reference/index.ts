// Door of the reference executor: a plain float64 interpreter, slow on purpose, that the tests compare others with.
import type { Executor } from '../executor.ts';
import { ReferenceSession } from './session.ts';

export const createReferenceExecutor = (): Executor => ({
  name: 'reference',
  open: async (program) => new ReferenceSession(program),
});
