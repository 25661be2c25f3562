// Door of TensorBoard's event files.
export { eventFile } from './event-file.ts';
