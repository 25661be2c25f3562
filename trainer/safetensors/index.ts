// Door of the safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes.
// One file, no code in it, any framework reads it. Checkpoints and `debug step` are written so.
export { decodeSafetensors, SafetensorsError } from './decode.ts';
export { encodeSafetensors } from './encode.ts';
