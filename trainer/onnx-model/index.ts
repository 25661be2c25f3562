// Door of ONNX models as bytes: what an exported network and the ONNX executor's steps are written in.
export { type AttributeValue, attributesOf, float32Tensor, int64Tensor } from './builders.ts';
export {
  decodeModel,
  ELEMENT,
  type ElementType,
  encodeModel,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './messages.ts';
