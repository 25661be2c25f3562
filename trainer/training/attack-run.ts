// One attack at one strength: the pictures changed, part by part, and what the network makes of them.
import type { TrialSpec } from '../../crds/index.ts';
import {
  ATTACK_TABLE,
  type AttackedModel,
  type AttackRun,
  type AttackSignal,
  type Pictures,
  toldRight,
} from '../attacks/index.ts';
import type { Session } from '../executors/index.ts';
import type { Task } from '../network/index.ts';
import { Random } from '../random.ts';
import { attackedModel } from './attacked-model.ts';
import type { StepProgram } from './step-program.ts';

/** The network to be fooled. */
export interface AttackContext {
  readonly spec: TrialSpec;
  readonly task: Task;
  readonly session: Session;
  readonly step: Pick<StepProgram, 'program'>;
  readonly signal: AbortSignal;
  /** Told that the attack goes on, as often as you like. */
  readonly beat: () => void;
}

/** What an attack asks: the network itself, or a surrogate. */
export type Subject = Pick<AttackContext, 'spec' | 'session' | 'step'>;

const modelOf = (
  { session, step, spec }: Subject,
  { task, signal, beat }: AttackContext,
  along: AttackSignal,
): AttackedModel =>
  attackedModel({ task, session, program: step.program, seed: spec.seed, signal, beat }, along);

/** Share of the pictures that the network tells right. */
export async function accuracyOf(context: AttackContext, pictures: Pictures): Promise<number> {
  const logits = await modelOf(context, context, 'exact').answer(pictures);
  return toldRight(logits, pictures.labels).length / pictures.labels.length;
}

/** Of pictures attacked at once. */
const MOST_BYTES = 2 ** 24;

export interface Attempt {
  readonly run: AttackRun;
  readonly pictures: Pictures;
  readonly from: Subject;
}

/** Share of the pictures still told right once they have been attacked. */
export async function accuracyUnder(
  context: AttackContext,
  { run, pictures: { x, labels }, from }: Attempt,
): Promise<number> {
  const { attack, norm, bound, budget, signal = 'exact' } = run;
  const size = x.length / labels.length;
  const model = modelOf(from, context, signal);
  const some = Math.max(1, Math.floor(MOST_BYTES / (4 * size)));
  let right = 0;
  for (let first = 0; first < labels.length; first += some) {
    const part = {
      x: x.subarray(first * size, (first + some) * size),
      labels: labels.subarray(first, first + some),
    };
    // Both signals begin with the same draws.
    const random = Random.fromSeed(context.spec.seed).split(`${attack} ${norm} ${bound} ${first}`);
    const strength =
      norm === 'l0'
        ? { norm: 'linf' as const, bound, budget, random }
        : { norm, bound: bound / 255, budget, random };
    const moved = await ATTACK_TABLE[attack].perturb(model, part, strength);
    right += part.labels.length * (await accuracyOf(context, { x: moved, labels: part.labels }));
  }
  return Math.round(right) / labels.length;
}
