// Door of what leaves the trainer for other programs.
export { exportOnnx, OnnxExportError } from './onnx/index.ts';
