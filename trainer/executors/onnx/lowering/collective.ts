// Sums over workers: ONNX Runtime has none. Programs that need them are refused before they come here.
import { ExecutorError } from '../../executor.ts';
import type { Lowerings } from './lowering.ts';

export const collective: Lowerings<'allReduce'> = {
  allReduce: (_, { name }) => {
    throw new ExecutorError(`${name}: ONNX Runtime has no sum over workers`);
  },
};
