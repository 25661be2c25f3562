// The genotype: a network as data, with one canonical text (design D9). Rules sit only where they change what is learned.
// Text forms (one line, no blanks):
//   darts;normal=skip_connect~0,skip_connect~1|sep_conv_3x3:uSF~0,skip_connect~1|...;reduce=...;rest=BP
//   nb201;nor_conv_3x3:uSF~0|skip_connect~0,none~1|avg_pool_3x3~0,nor_conv_1x1:FA~1,none~2;rest=BP
//   lenet;conv2=uSF,conv3=FA,...        resnet20;stage1.block1.conv1=FA,...
import type { LearningRuleName } from '../learning-rule.ts';
import type { DartsOperation, FixedNetwork, Nb201Operation } from '../search-space.ts';

/** An edge of a DARTS cell: `from` is 0 or 1 for the two previous cells, 2.. for the nodes. */
export interface DartsEdge {
  readonly operation: DartsOperation;
  /** Absent where the operation has no weights of its own, or they learn by a local rule. */
  readonly rule?: LearningRuleName;
  readonly from: number;
}

/** Four nodes of two edges each, sorted by `from`. */
export type DartsCell = readonly (readonly [DartsEdge, DartsEdge])[];

export interface Nb201Edge {
  readonly operation: Nb201Operation;
  readonly rule?: LearningRuleName;
}

/**
 * `rest` is the rule of every layer with weights that is on no edge: stem, preprocessing, reductions
 * (in a reduce cell of DARTS the strided skip is a FactorizedReduce), heads. Partial conversion is rest=BP.
 */
export interface DartsGenotype {
  readonly kind: 'darts';
  readonly normal: DartsCell;
  readonly reduce: DartsCell;
  readonly rest: LearningRuleName;
}

/** nodes[i][j] is the edge from node j to node i + 1; `rest` as in DARTS. */
export interface Nb201Genotype {
  readonly kind: 'nb201';
  readonly nodes: readonly [
    readonly [Nb201Edge],
    readonly [Nb201Edge, Nb201Edge],
    readonly [Nb201Edge, Nb201Edge, Nb201Edge],
  ];
  readonly rest: LearningRuleName;
}

/** The network's RULED_LAYERS and their rules, in this order. */
export interface FixedGenotype {
  readonly kind: 'fixed';
  readonly network: FixedNetwork;
  readonly rules: Readonly<Record<string, LearningRuleName>>;
}

export type Genotype = DartsGenotype | Nb201Genotype | FixedGenotype;

/** The rule that comes in the place of another, on an edge (or a layer of a fixed network) or of the rest. */
export type RuleChange = (rule: LearningRuleName, place: 'edge' | 'rest') => LearningRuleName;

const RESNET20_BLOCKS = [1, 2, 3].flatMap((stage) =>
  [1, 2, 3].flatMap((block) => [1, 2].map((conv) => `stage${stage}.block${block}.conv${conv}`)),
);

/** Layers with weights, in forward order. */
export const FIXED_LAYERS: Readonly<Record<FixedNetwork, readonly string[]>> = {
  lenet: ['conv1', 'conv2', 'conv3', 'fc1', 'fc2'],
  lenet5: ['conv1', 'conv2', 'conv3', 'fc1', 'fc2'],
  resnet20: ['conv1', ...RESNET20_BLOCKS, 'fc'],
};

/**
 * All but the first. A rule decides what signal a layer sends back, and nothing learns from the one that the first layer
 * would send: networks that differ in it alone are one network.
 */
export const RULED_LAYERS: Readonly<Record<FixedNetwork, readonly string[]>> = {
  lenet: FIXED_LAYERS.lenet.slice(1),
  lenet5: FIXED_LAYERS.lenet5.slice(1),
  resnet20: FIXED_LAYERS.resnet20.slice(1),
};
