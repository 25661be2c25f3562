// Runs the engine over a history again, and says whether it decides as it did then. Pure.
import {
  type EngineProposal,
  type EngineSpec,
  type History,
  HistoryMismatchError,
  PromotionError,
  replay,
  UnexpectedResultError,
} from '../../operator/search/index.ts';

/** The first decision that is another one. */
export interface Difference {
  /** Of the trial that it is about. */
  readonly index: number;
  readonly recorded: string;
  readonly replayed: string;
  readonly message: string;
}

export interface Replay {
  /** All that were made, up to the difference. */
  readonly proposals: readonly EngineProposal[];
  readonly difference?: Difference;
}

/** @throws WarmStartError */
export function replayOf(spec: EngineSpec, history: History): Replay {
  const proposals: EngineProposal[] = [];
  try {
    replay(spec, history, (proposal) => void proposals.push(proposal));
    return { proposals };
  } catch (error) {
    const difference = differenceOf(error);
    if (difference === undefined) throw error;
    return { proposals, difference };
  }
}

function differenceOf(error: unknown): Difference | undefined {
  if (error instanceof HistoryMismatchError) {
    const { index, expected: recorded, got: replayed, message } = error;
    return { index, recorded, replayed, message };
  }
  if (error instanceof UnexpectedResultError) {
    const { index, expected: replayed, got: recorded, message } = error;
    return { index, recorded, replayed, message };
  }
  if (!(error instanceof PromotionError)) return undefined;
  const { index, message } = error;
  return { index, recorded: 'its promotion', replayed: 'none', message };
}
