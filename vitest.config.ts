// Four projects: `unit` is pure and fast; `integration` starts processes, loads TensorFlow, reads real pictures; the files of
// `cluster` share a real Kubernetes and NATS; those of `plane` start a control plane of their own, to break it or to give it a node.
import { defineConfig } from 'vitest/config';

/** What waits for other processes may lose a race on a machine that others use; CI tries it once more, and says so at its end. */
const retry = process.env['CI'] ? 1 : 0;

export default defineConfig({
  test: {
    reporters: ['default', 'json'],
    outputFile: { json: 'test-report.json' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.integration.test.ts', 'test/cluster/**', 'test/soak/**'],
          testTimeout: 60_000,
          // Modules are loaded once a worker, not once a file: a third of the time. So no module of the tests keeps state.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          // Tests that load ONNX Runtime by themselves: it sends nothing either.
          env: { ORT_DISABLE_TELEMETRY: '1' },
          retry,
          include: ['test/**/*.integration.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          pool: 'forks',
          // Many wait, or compute on one core.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'cluster',
          retry,
          include: ['test/cluster/**/*.cluster.test.ts'],
          globalSetup: ['test/cluster/harness/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'plane',
          retry,
          include: ['test/cluster/**/*.plane.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
          fileParallelism: false,
        },
      },
    ],
  },
});
