// make check-gpu as far as it goes without a card: it says so, and a rehearsal takes real steps on the processor.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { libraryDir, tensorFlow } from '../../builders/tensorflow.ts';

const MAIN = fileURLToPath(new URL('../../../scripts/check-gpu/main.ts', import.meta.url));

const checkGpu = (...args: readonly string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const command = ['--disable-warning=ExperimentalWarning', MAIN, ...args];
    execFile(process.execPath, command, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });

test.skipIf(existsSync('/dev/nvidia0'))('without a card nothing is checked', async () => {
  const { code, stdout, stderr } = await checkGpu();
  expect(code).toBe(69);
  expect(stdout).toBe('');
  expect(stderr).toContain('no card here (no NVIDIA driver, no /dev/nvidia0): nothing was checked');
});

test.skipIf(tensorFlow === undefined)('a rehearsal takes steps', async () => {
  const { code, stdout } = await checkGpu(
    '--rehearse',
    '--library',
    libraryDir,
    '--only',
    'device',
  );
  expect(stdout).toMatch(/^passed +device +TensorFlow .*: CPU$/m);
  expect(stdout).toMatch(/\n1 passed, 0 failed\n$/);
  expect(code).toBe(0);
});

test('a library that is not there ends it', async () => {
  const { code, stderr } = await checkGpu('--rehearse', '--library', '/nowhere');
  expect(code).toBe(1);
  expect(stderr).toContain("TensorFlow's library is not at /nowhere");
});
