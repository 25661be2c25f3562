// The account of budget.gpuHours: what outstanding trials may yet use of it, what the final stage will need, and which trials
// used what was not theirs. In device seconds: run time of Pods times devices. Pure.
import {
  type BioNASSearchSpec,
  DEFAULT_CELLS,
  finalPicturesRatio,
  finalTrialCount,
} from '../../crds/index.ts';

/** What is spoken for. */
export interface Reserved {
  /** For what outstanding trials have yet to train. */
  readonly outstanding: number;
  /** For the final stage. */
  readonly final: number;
  /** For the trial that is to start; undefined: nobody knows, since none like it has ended. */
  readonly next?: number;
}

/** An outstanding trial. */
export interface Claim {
  readonly index: number;
  readonly spent: number;
  /** In all, from its first epoch to where it is to stop; undefined: nobody knows, so it has all that is left. */
  readonly expected?: number;
  /** That it holds now: 0 while no Pod of it runs. */
  readonly devices: number;
}

/** `left`: of the budget, by now. */
export const claimed = (claims: readonly Claim[], left: number): number =>
  claims.reduce((sum, claim) => sum + claimedBy(claim, left), 0);

const claimedBy = ({ spent, expected }: Claim, left: number): number =>
  Math.max(0, expected === undefined ? left : expected - spent);

export interface Overdraft {
  /** Indices of the trials that are to end now, whatever they have. */
  readonly ended: readonly number[];
  /** Seconds until this is to be asked again, at the latest; undefined: no time of its own. */
  readonly seconds?: number;
}

/**
 * A trial that used up what was reserved for it lives on what nobody needs, as long as there is any; with the last of the
 * budget all end. So the budget holds however long trials take, and who keeps to what was expected is not ended for others.
 */
export function overdrawn(claims: readonly Claim[], left: number): Overdraft {
  if (left <= 0) return { ended: claims.map(({ index }) => index) };
  const running = claims.filter(({ devices }) => devices > 0);
  const over = running.filter(({ spent, expected }) => expected !== undefined && spent >= expected);
  const free = left - claimed(claims, left);
  if (free <= 0 && over.length > 0) return { ended: over.map(({ index }) => index) };
  const waits = [
    left / devicesOf(running),
    free / devicesOf(over),
    ...running
      .filter((claim) => !over.includes(claim))
      .map((claim) => claimedBy(claim, left) / claim.devices),
  ].filter((seconds) => Number.isFinite(seconds) && seconds > 0);
  return waits.length === 0 ? { ended: [] } : { ended: [], seconds: Math.min(...waits) };
}

const devicesOf = (claims: readonly Claim[]): number =>
  claims.reduce((sum, { devices }) => sum + devices, 0);

/** Of a budget, at most: a search that has nothing to choose from needs no final stage. */
const FINAL_SHARE = 0.5;
/** A fixed network has no cells to count. */
const CELLS = { ...DEFAULT_CELLS, fixed: 1 };

type Staged = Pick<BioNASSearchSpec, 'budget' | 'dataset' | 'final' | 'searchSpace' | 'training'>;

/**
 * What the final stage is expected to take, from what an epoch of a search trial takes at most: in proportion to pictures, cells
 * and the square of channels. Attacks are not in it.
 */
export function finalStageSeconds(spec: Staged, perEpoch: number): number {
  const { budget, dataset, final, searchSpace, training } = spec;
  const { epochs = training.epochs, channels = searchSpace.channels } = final.training;
  const { cells: searched = CELLS[searchSpace.kind] } = searchSpace;
  const deeper = (final.training.cells ?? searched) / searched;
  const each =
    perEpoch *
    epochs *
    finalPicturesRatio(dataset) *
    deeper *
    (channels / searchSpace.channels) ** 2;
  const most = FINAL_SHARE * (budget.gpuHours ?? Number.POSITIVE_INFINITY) * 3600;
  return Math.min(finalTrialCount(final) * each, most);
}
