// The soak is apart from the suites: it keeps two cores busy for five minutes and more. `make soak`, and a workflow every night.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/soak/**/*.soak.test.ts'], testTimeout: 3_600_000, hookTimeout: 300_000 },
});
