// ONNX Runtime: all that an executor must do.
import { createOnnxExecutor } from '../../../trainer/executors/index.ts';
import { executorCases } from '../../cases/executor.cases.ts';

executorCases(createOnnxExecutor());
