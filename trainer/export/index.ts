// Door of what leaves the trainer for other programs.
export { decodeModel, exportOnnx, OnnxExportError, type OnnxModel } from './onnx/index.ts';
