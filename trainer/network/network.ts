// What a network is to training: from pictures to logits, and back. One family of networks a file.
import type { Genotype, LearningRuleName, NetworkShape } from '../../crds/index.ts';
import type { LearningRule, LearningRules } from '../learning-rules/index.ts';
import type { Place, Signal } from '../primitives/index.ts';
import type { Value } from '../program/index.ts';

/** Pictures' size and the number of classes. */
export interface Task {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}

export interface Heads {
  /** [N, classes] */
  readonly logits: Value;
  /** [N, classes] of the auxiliary head, in training only. */
  readonly auxiliary?: Value;
  /**
   * Writes the whole backward pass; gradients land in the place. Gives the signal at the pictures, undefined where
   * they need none (training) or where none arrives (a cell of zeros).
   */
  backward(dLogits: Value, dAuxiliary?: Value): Value | undefined;
}

/** Writes a network into the graph. The same function writes training and evaluation. */
export type Network = (at: Place, pictures: Signal) => Heads;

/** What decides a network; a family takes from it what it needs. */
export interface NetworkPlan<G extends Genotype = Genotype> {
  readonly genotype: G;
  readonly shape: NetworkShape;
  readonly task: Task;
  readonly rules: LearningRules;
  /** Whether training adds the auxiliary head (darts). */
  readonly auxiliary: boolean;
  /** Whether training drops paths (darts): adds the scalar input `dropPath`, the step's probability. */
  readonly dropPath: boolean;
}

/** A network that cannot be written for this task or genotype. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** Refuses pictures that the network's strides would leave nothing of. */
export function requireSide(
  network: string,
  { height, width }: Task,
  { least, why }: { least: number; why: string },
): void {
  if (Math.min(height, width) >= least) return;
  throw new NetworkError(
    `${network} ${why}: expected pictures of at least ${least} x ${least}, got ${height} x ${width}`,
  );
}

/** The rule of a layer with weights; a genotype from the parser always names one. */
export function ruleOf(
  rules: LearningRules,
  name: LearningRuleName | undefined,
  layer: string,
): LearningRule {
  if (name === undefined)
    throw new NetworkError(
      `genotype: expected a learning rule for ${layer}, got none; make genotypes canonical first`,
    );
  return rules[name];
}

/** What a fixed network is built from. */
export interface FixedPlan {
  /** LeNet has its own widths; ResNet-20 starts with `channels`, 16 as published. */
  readonly shape: NetworkShape;
  readonly task: Task;
  /** By which a layer of FIXED_LAYERS sends its signal back. */
  readonly rule: (layer: string) => LearningRule;
}
