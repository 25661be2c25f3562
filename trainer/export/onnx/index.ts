// Door of the ONNX export.
export { OnnxExportError } from './conversion.ts';
export { exportOnnx } from './export-onnx.ts';
