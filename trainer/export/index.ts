// Door of what leaves the trainer for other programs.
export { decodeModel, exportOnnx, OnnxExportError } from './onnx/index.ts';
