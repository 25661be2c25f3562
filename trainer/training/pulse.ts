// Signs of life while the network is attacked: a trainer that is not heard for long is taken for dead, and one attack may take long.
import { atMostEvery } from './at-most-every.ts';
import type { TrainContext } from './train-context.ts';

export interface Pulse {
  /** An attack goes on. */
  beat(): void;
  /** So many have ended. */
  ended(count: number): void;
}

const BEAT_MS = 1000;

/** `of`: attacks in all. */
export function createPulse(
  { listener, clock, spec, data }: Pick<TrainContext, 'listener' | 'clock' | 'spec' | 'data'>,
  of: number,
): Pulse {
  let ended = 0;
  const tell = (): void => {
    const { epochs } = spec.fidelity;
    const attacks = { ended, of };
    listener.progress({ epoch: epochs, epochs, step: 0, steps: data.stepsPerEpoch, attacks });
  };
  return {
    beat: atMostEvery(BEAT_MS, clock, tell),
    ended: (count) => {
      ended = count;
      tell();
    },
  };
}
