// Door of the file formats.
export { ByteReader, type ByteSource, byteSource, openBytes } from './byte-stream.ts';
export {
  CIFAR_CHANNELS,
  CIFAR_SIDE,
  type CifarLayout,
  type CifarPictures,
  readCifar,
} from './cifar.ts';
export { type DownsampledPart, readDownsampledImagenet } from './downsampled-imagenet.ts';
export { FormatError, type FormatFault } from './format-error.ts';
export { type IdxPictures, readIdxLabels, readIdxPictures } from './idx.ts';
export { hasJpegEnd, jpegFrame } from './jpeg.ts';
export { type NpyArray, readNpy, readNpz } from './npy.ts';
export { NdArray, readPickle } from './pickle/index.ts';
export {
  readTarHeader,
  TAR_BLOCK,
  type TarHeader,
  tarPadded,
  writeTarHeader,
} from './tar-header.ts';
