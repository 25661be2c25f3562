// The driver as its parent sees it: moments as they come, and waits for so many of them.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface DriverSettings {
  readonly kubeconfig: string;
  readonly nats: string;
  readonly trainMs: Range;
  /** true: nobody trains until they are let go. */
  readonly held?: boolean | undefined;
}

/** To trainers that begin from then on; or to those that are held. */
export type Order = Range | 'go';

/** From a running Pod to its result; each drawn evenly from a range. */
export type Range = readonly [from: number, to: number];

/**
 * What the driver stamps: it is ready; a Trial was ADDED; a Pod was ADDED; a trainer took a running Pod on; it sent its result;
 * the stream acknowledged that; a search has ended.
 */
const MOMENTS = ['ready', 'trial', 'pod', 'run', 'sent', 'result', 'end'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Ms of the driver's clock, in the order in which they were seen. */
export type Times = Readonly<Record<Moment, readonly number[]>>;

const MAIN = fileURLToPath(new URL('driver.ts', import.meta.url));
/** Nothing at all for so long is a search that hangs. */
const SILENCE_MS = 300_000;
const LOOK_AGAIN_MS = 5_000;

/** It ended, or what was waited for did not come. */
export class DriverError extends Error {
  override readonly name = 'DriverError';
}

export class Driver {
  readonly #child: ChildProcess;
  readonly #times: Record<Moment, number[]>;
  readonly #listeners = new Set<() => void>();
  #heardAt = performance.now();

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#times = { ready: [], trial: [], pod: [], run: [], sent: [], result: [], end: [] };
    child.on('message', ([moment, at]: [Moment, number]) => {
      this.#times[moment].push(at);
      this.#heardAt = performance.now();
      this.#wake();
    });
    child.on('exit', () => this.#wake());
  }

  /** Back when it watches. */
  static async start(settings: DriverSettings): Promise<Driver> {
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    const driver = new Driver(fork(MAIN, [JSON.stringify(settings)], { execArgv }));
    await driver.until('ready', 1);
    return driver;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get times(): Times {
    return this.#times;
  }

  count(moment: Moment): number {
    return this.#times[moment].length;
  }

  trainFor(range: Range): void {
    this.#order(range);
  }

  letGo(): void {
    this.#order('go');
  }

  #order(order: Order): void {
    this.#child.send(order);
  }

  /** Back when the moment has come `count` times. @throws DriverError */
  async until(moment: Moment, count: number): Promise<void> {
    while (this.count(moment) < count) {
      if (this.#child.exitCode !== null) throw new DriverError('the driver ended, see above');
      if (performance.now() - this.#heardAt > SILENCE_MS)
        throw new DriverError(
          `expected ${count} times "${moment}", got ${this.count(moment)}, then nothing for ${SILENCE_MS} ms`,
        );
      await this.#news();
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  async #news(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#listeners.add(resolve);
    const timer = setTimeout(resolve, LOOK_AGAIN_MS);
    await promise;
    clearTimeout(timer);
    this.#listeners.delete(resolve);
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }
}
