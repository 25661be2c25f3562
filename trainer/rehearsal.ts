// A trial in miniature, by which `bionas plan` knows what whole ones take: an epoch ends after some seconds, an evaluation after two
// batches, and what each took is noted. The first epoch warms up; all figures are of the second.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrialSpec } from '../crds/index.ts';
import type { Batch, Clock, OpenedData } from './training/index.ts';

/** What a rehearsal leaves in its directory. */
export interface Rehearsed {
  /** Mean of a step, with what it waits for pictures. */
  readonly stepSeconds: number;
  /** Share of the steps' time that went by waiting for pictures, in [0, 1]. */
  readonly idleShare: number;
  /** Of a batch of an evaluation. */
  readonly evaluationSeconds: number;
  /** Of an epoch beside its steps and its evaluation: the look at its gradients, the checkpoint. */
  readonly epochSeconds: number;
  /** Steps of both epochs. */
  readonly steps: number;
  /** Batches of both evaluations. */
  readonly evaluationBatches: number;
  /** Most memory that the process held. */
  readonly peakBytes: number;
}

export const REHEARSAL = 'rehearsal.json';

/** Enough to see the second epoch's pace. */
const FEWEST_STEPS = 3;
const EVALUATION_BATCHES = 2;
const EPOCHS = 2;

type OpenData = (spec: TrialSpec) => Promise<OpenedData>;

interface Stretch {
  readonly began: number;
  readonly ended: number;
  readonly batches: number;
  /** Ms in which a batch was waited for. */
  readonly waited: number;
}

export class Rehearsal {
  readonly #seconds: number;
  readonly #clock: Clock;
  readonly #epochs: Stretch[] = [];
  readonly #evaluations: Stretch[] = [];

  constructor(seconds: number, clock: Clock) {
    this.#seconds = seconds;
    this.#clock = clock;
  }

  /** The same pictures, fewer of them. */
  shorten(openData: OpenData): OpenData {
    return async (spec) => {
      const opened = await openData(spec);
      const { data } = opened;
      const isLong = (batches: number, ms: number) =>
        batches >= FEWEST_STEPS && ms >= this.#seconds * 1000;
      return {
        ...opened,
        data: {
          ...data,
          training: (epoch, from) => this.#until(data.training(epoch, from), isLong, this.#epochs),
          evaluation: () =>
            this.#until(
              data.evaluation(),
              (batches) => batches >= EVALUATION_BATCHES,
              this.#evaluations,
            ),
        },
      };
    };
  }

  /** Writes what was noted. Throws where the trial came to no second epoch. */
  async write(directory: string, peakBytes: number): Promise<void> {
    const rehearsed = this.#figures(peakBytes);
    await writeFile(join(directory, REHEARSAL), JSON.stringify(rehearsed));
  }

  async *#until(
    batches: AsyncIterable<Batch>,
    isEnough: (batches: number, ms: number) => boolean,
    noted: Stretch[],
  ): AsyncGenerator<Batch> {
    const clock = this.#clock;
    const began = clock.now();
    let asked = began;
    let waited = 0;
    let given = 0;
    for await (const batch of batches) {
      waited += clock.now() - asked;
      given += 1;
      yield batch;
      asked = clock.now();
      if (isEnough(given, asked - began)) break;
    }
    noted.push({ began, ended: clock.now(), batches: given, waited });
  }

  #figures(peakBytes: number): Rehearsed {
    const [first, second] = this.#epochs;
    const [, evaluation] = this.#evaluations;
    if (first === undefined || second === undefined || evaluation === undefined)
      throw new RangeError(
        `rehearsal: expected a trial of ${EPOCHS} epochs, got ${this.#epochs.length}`,
      );
    const length = ({ began, ended }: Stretch) => ended - began;
    const step = length(second) / second.batches;
    // From the end of the first epoch's steps to the second's first step lie look, evaluation and checkpoint.
    const between = second.began - first.ended - length(this.#evaluations[0] ?? evaluation);
    return {
      stepSeconds: step / 1000,
      idleShare: second.waited / Math.max(1e-9, length(second)),
      evaluationSeconds: length(evaluation) / evaluation.batches / 1000,
      epochSeconds: Math.max(0, between) / 1000,
      steps: first.batches + second.batches,
      evaluationBatches: 2 * evaluation.batches,
      peakBytes,
    };
  }
}
