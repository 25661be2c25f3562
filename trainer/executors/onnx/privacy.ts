// ONNX Runtime tells its makers of machines, models and sessions, from 1.29 on Linux and macOS too, and keeps a number of the machine in
// the user's cache. A trainer tells nobody but its search.

/**
 * Before the library is loaded, for it asks once; from the main thread, whose `process.env` is C's environment. Who sets the variable
 * keeps it.
 */
export function keepToItself(): void {
  // biome-ignore lint/style/noProcessEnv: the library has no other way to be told before it begins
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}
