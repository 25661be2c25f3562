// Door of the primitives: layers, with or without weights.
export * from './activation.ts';
export * from './convolution.ts';
export * from './dense.ts';
export * from './layer.ts';
export * from './pooling.ts';
export { VariableTable } from './variable-table.ts';
