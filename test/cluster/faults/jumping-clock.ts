// Preloaded into an operator (node --import): each SIGUSR2 sets its wall clock by the next of these, as if somebody had set the
// machine's. Its monotonic clock goes on.
const HOUR_MS = 3_600_000;
const JUMPS_MS = [10 * HOUR_MS, -20 * HOUR_MS, 5 * HOUR_MS];

const { now } = Date;
let setMs = 0;
Date.now = () => now() + setMs;
process.on('SIGUSR2', () => {
  setMs += JUMPS_MS.shift() ?? 0;
});
