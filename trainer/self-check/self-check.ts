// Says at the start, in one line of JSON, what computes and what it found; and refuses to train on a CPU where a GPU was asked for,
// which would take the GPU from others and be slower by far.
import type { Executor, Session } from '../executors/index.ts';
import type { Driver } from './driver.ts';

export interface SelfCheckOptions {
  /** BIONAS_DEVICE: `gpu` where the Pod has one, by its limits or claims; empty or `any`: whatever is there. */
  readonly wanted: string;
  readonly readDriver: () => Promise<Driver>;
  /** CUDA libraries, name to version. */
  readonly readLibraries: () => Promise<Readonly<Record<string, string>>>;
  /** Of Node. */
  readonly node: string;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The Trial asked for a device that nothing is computed on. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

/**
 * The executor, checked when its first session opens.
 * @throws DeviceError from `open`
 */
export function selfCheck(executor: Executor, options: SelfCheckOptions): Executor {
  let checked = false;
  return {
    name: executor.name,
    async open(program, settings) {
      const session = await executor.open(program, settings);
      if (checked) return session;
      try {
        await check(session, options);
      } catch (error) {
        session.close();
        throw error;
      }
      checked = true;
      return session;
    },
  };
}

const WANTED = ['', 'any', 'gpu'];

async function check({ description }: Session, options: SelfCheckOptions): Promise<void> {
  const { wanted, node } = options;
  const [driver, cuda] = await Promise.all([options.readDriver(), options.readLibraries()]);
  const { version, cards, devices } = driver;
  const found = { driver: version ?? null, cards, devices, cuda };
  options.log('Self-check', { wanted: wanted || 'any', ...description, ...found, node });
  if (!WANTED.includes(wanted))
    throw new DeviceError(`BIONAS_DEVICE: expected gpu or any, got ${wanted}`);
  if (wanted !== 'gpu' || description.device === 'GPU') return;
  throw new DeviceError(
    `a GPU was asked for, and ${description.library} computes on the ${description.device}: ` +
      `${causeOf(driver, cuda)}. BIONAS_DEVICE=any trains all the same`,
  );
}

/** The likeliest one: the first thing that is missing on the way from the card to TensorFlow. */
function causeOf(
  { version, cards, devices }: Driver,
  cuda: Readonly<Record<string, string>>,
): string {
  if (version === undefined)
    return "this node has no NVIDIA driver, or runs the container without NVIDIA's runtime (runtimeClassName)";
  if (devices.length === 0)
    return `driver ${version} is there, but no /dev/nvidia0: the device plugin gave the container no card`;
  if (Object.keys(cuda).length === 0)
    return 'there are no CUDA libraries beside TensorFlow: take the image bionas-trainer-cuda';
  const names = [...new Set(cards)].join(', ');
  return `driver ${version} and ${names || devices.join(', ')} are there; TF_CPP_MIN_LOG_LEVEL=0 says why TensorFlow does not take them`;
}
