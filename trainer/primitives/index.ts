// Door of the primitives: layers, with or without weights.
export { relu } from './activation.ts';
export {
  type Choice,
  chosenOperation,
  conditionOf,
  orZero,
  type Taken,
} from './chosen-operation.ts';
export * from './combination.ts';
export * from './convolution.ts';
export * from './convolution-block.ts';
export * from './dense.ts';
export { droppingPath } from './drop-path.ts';
export { forwardForwardConvolution } from './forward-forward-convolution.ts';
export * from './head.ts';
export { hebbianConvolution } from './hebbian-convolution.ts';
export * from './layer.ts';
export { clampScaled, scaledDown, scaledUp } from './loss-scale.ts';
export * from './mixed-operation.ts';
export { settled } from './nodes.ts';
export { batchNorm } from './normalization.ts';
export { partialChannels } from './partial-channels.ts';
export { giveLessons, noPasses, writePasses } from './passes.ts';
export { openPlace } from './place.ts';
export * from './pooling.ts';
export { residualReduction } from './residual-block.ts';
export * from './shape.ts';
export { identity, zero } from './skip.ts';
export { softHebbConvolution } from './softhebb-convolution.ts';
export { VariableTable } from './variable-table.ts';
