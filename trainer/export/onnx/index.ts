// Door of the ONNX export.
export { OnnxExportError } from './conversion.ts';
export { exportOnnx, type OnnxExport } from './export-onnx.ts';
export { decodeModel, type OnnxModel } from './schema.ts';
