// A process of its own that takes a step with ONNX Runtime, as a trainer does: for tests of what it leaves behind.
import { createOnnxExecutor } from '../../trainer/executors/index.ts';
import { numbers, takeSteps, writeStep } from './step.ts';

const { outputs } = await takeSteps(await writeStep({}), { executor: createOnnxExecutor() });
console.log(numbers(outputs, 'loss')[0]);
