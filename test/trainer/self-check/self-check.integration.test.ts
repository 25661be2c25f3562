// The self-check on machines that are made of files: without a driver, with one and no card, with everything but TensorFlow's
// consent.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Executor } from '../../../trainer/executors/index.ts';
import {
  cudaLibraries,
  DeviceError,
  machineKind,
  readDriver,
  selfCheck,
} from '../../../trainer/self-check/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bionas-self-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function machine(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const VERSION =
  'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version:  gcc 12\n';
const OPEN_VERSION =
  'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build  (root@host)\n';
const CARD = 'Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 0\nGPU UUID: \t GPU-1\n';

const driver = { 'proc/driver/nvidia/version': VERSION, 'dev/null': '' };
const card = {
  ...driver,
  'proc/driver/nvidia/gpus/0000:0f:00.0/information': CARD,
  'dev/nvidia0': '',
  'dev/nvidiactl': '',
};
const cuda = {
  'opt/tensorflow/libtensorflow_cc.so.2': '',
  'opt/nvidia_cudnn_cu12-9.3.0.75.dist-info/METADATA': '',
  'opt/nvidia_cuda_runtime_cu12-12.5.82.dist-info/METADATA': '',
  'opt/tensorflow-2.18.1.dist-info/METADATA': '',
};

test.each([
  ['none', {}, { version: undefined, cards: [], devices: [] }],
  ['no card', driver, { version: '550.54.15', cards: [], devices: [] }],
  [
    'a card',
    card,
    { version: '550.54.15', cards: ['NVIDIA H100 80GB HBM3'], devices: ['nvidia0'] },
  ],
  [
    'an open driver',
    { 'proc/driver/nvidia/version': OPEN_VERSION },
    { version: '570.86.15', cards: [], devices: [] },
  ],
])('a driver is read from its files: %s', async (name, files, expected) => {
  expect(await readDriver(machine(name, files))).toEqual(expected);
});

/** An executor whose sessions are on the device, and how many of them are open. */
function executorOn(device: string): { executor: Executor; open: () => number } {
  let open = 0;
  const description = { executor: 'tensorflow', library: 'TensorFlow 2.18.1', device };
  const never = () => Promise.reject(new Error('nothing is run'));
  const close = () => {
    open -= 1;
  };
  const session = { description, run: never, read: never, write: never, close };
  return {
    executor: {
      name: 'fake',
      open: async () => {
        open += 1;
        return session;
      },
    },
    open: () => open,
  };
}

const program = { variables: [], entries: {} };

test('what was compiled is for machines of the same instructions, driver and cards', async () => {
  const one = machine('avx2', { 'proc/cpuinfo': 'model name\t: X\nflags\t\t: fpu avx2\n' });
  const other = machine('avx512', { 'proc/cpuinfo': 'model name\t: X\nflags\t\t: fpu avx512f\n' });
  const none = { version: undefined, cards: [] };
  const h100 = { version: '550.54.15', cards: ['NVIDIA H100 80GB HBM3'] };
  const kinds = [
    await machineKind(one, none),
    await machineKind(other, none),
    await machineKind(one, h100),
    await machineKind(one, { ...h100, version: '570.86.15' }),
    await machineKind(machine('bare', {}), none),
  ];
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(await machineKind(one, { ...h100, cards: [...h100.cards, ...h100.cards] })).toBe(kinds[2]);
});

describe('of a trainer', () => {
  const files = { ...card, ...cuda };
  const check = (root: string, device: string, wanted: string) => {
    const said: object[] = [];
    const { executor, open } = executorOn(device);
    const checked = selfCheck(executor, {
      wanted,
      readDriver: () => readDriver(root),
      readLibraries: () => cudaLibraries(join(root, 'opt/tensorflow')),
      node: 'v22.0.0',
      log: (message, fields) => said.push({ message, ...fields }),
    });
    return { opened: () => checked.open(program), said, open };
  };

  test('says in one line, once, what computes and what is there', async () => {
    const { opened, said } = check(machine('all', files), 'GPU', 'gpu');
    await opened();
    await opened();
    expect(said).toEqual([
      {
        message: 'Self-check',
        wanted: 'gpu',
        executor: 'tensorflow',
        library: 'TensorFlow 2.18.1',
        device: 'GPU',
        driver: '550.54.15',
        cards: ['NVIDIA H100 80GB HBM3'],
        devices: ['nvidia0'],
        cuda: { cuda_runtime: '12.5.82', cudnn: '9.3.0.75' },
        node: 'v22.0.0',
      },
    ]);
  });

  test('lets a CPU be where nobody asked for more', async () => {
    const { opened, said } = check(machine('cpu', {}), 'CPU', '');
    await opened();
    expect(said).toMatchObject([{ wanted: 'any', driver: null, cuda: {} }]);
  });

  test.each([
    ['no driver', {}, /no NVIDIA driver/],
    ['no device', driver, /driver 550\.54\.15 is there, but no \/dev\/nvidia0/],
    ['no libraries', card, /no CUDA libraries .* bionas-trainer-cuda/],
    ['no consent', files, /NVIDIA H100 80GB HBM3 are there; TF_CPP_MIN_LOG_LEVEL=0 says why/],
  ])(
    'refuses a CPU in the place of a GPU, says why, and leaves no session: %s',
    async (name, on, why) => {
      const { opened, open } = check(machine(`refused: ${name}`, on), 'CPU', 'gpu');
      const refused = await opened().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DeviceError);
      expect(String(refused)).toContain('a GPU was asked for');
      expect(String(refused)).toMatch(why);
      expect(open()).toBe(0);
    },
  );

  test('knows the devices that it can be asked for', async () => {
    const { opened } = check(machine('tpu', {}), 'CPU', 'tpu');
    await expect(opened()).rejects.toThrow('BIONAS_DEVICE: expected gpu or any, got tpu');
  });
});
