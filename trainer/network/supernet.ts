// The supernet of DARTS (Liu et al. 2019) over pairs of operation and rule, as in BioNAS: cells of one kind share what they decide, and
// every edge of every cell is made of all candidates. Here it is a mixture, weighed by the softmax of a row of alpha.
import type { DartsOperation, LearningRuleName, NetworkShape } from '../../crds/index.ts';
import type { LearningRules } from '../learning-rules/index.ts';
import {
  type Candidate,
  classifier,
  type Layer,
  learningBy,
  mixedOperation,
  named,
  type Place,
  partialChannels,
  type Signal,
} from '../primitives/index.ts';
import type { Value } from '../program/index.ts';
import type { Node } from './cell.ts';
import {
  type CellPlan,
  chainBackward,
  isLarge,
  nothingArrived,
  outputsOf,
  PREVIOUS_CELLS,
  strideFrom,
  writeChain,
} from './darts-chain.ts';
import { MIXED_OPERATIONS } from './darts-operations.ts';
import { type Alphas, type CellKind, firstEdge, NODES, sharesOf } from './edge-shares.ts';
import { type Heads, NetworkError, requireSide, ruleOf, type Task } from './network.ts';

/** What an edge may become; `none` adds zeros and is never derived. */
export interface SupernetCandidate {
  readonly operation: DartsOperation | 'none';
  readonly rule?: LearningRuleName;
}

export interface SupernetPlan {
  readonly candidates: readonly SupernetCandidate[];
  readonly shape: NetworkShape;
  readonly task: Task;
  readonly rules: LearningRules;
  /** Of all layers that are no candidate's. */
  readonly rest: LearningRuleName;
  /** One k-th of the channels goes through what edges are made of; 1: all. */
  readonly partialChannels: number;
}

export interface SupernetHeads extends Heads {
  /** dLoss/dalpha, once the way back is written. */
  slopes(): Alphas;
}

/** Writes the supernet as it is under these alphas: variables, inputs, or what variables are after a step. */
export type Supernet = (alphas: Alphas) => (at: Place, pictures: Signal) => SupernetHeads;

/** An edge of a cell: its row of what is decided, and all that it may be. */
export interface EdgeSite {
  readonly kind: CellKind;
  readonly edge: number;
  readonly stride: number;
  readonly candidates: readonly Candidate[];
}

interface Site {
  readonly cell: CellPlan;
  readonly stride: number;
  readonly plan: SupernetPlan;
}

function candidateAt({ operation, rule }: SupernetCandidate, site: Site): Candidate {
  const name = rule === undefined ? operation : `${operation}/${rule}`;
  if (operation === 'none') return { name };
  const { cell, stride, plan } = site;
  const layer = MIXED_OPERATIONS[operation](cell.filters / plan.partialChannels, stride);
  if (rule === undefined) return { name, layer };
  return { name, layer: learningBy(ruleOf(plan.rules, rule, operation), layer) };
}

const nodesOf =
  (plan: SupernetPlan, made: (site: EdgeSite) => Layer) =>
  (cell: CellPlan): readonly Node[] =>
    NODES.map((i) => ({
      name: `node${i + PREVIOUS_CELLS}`,
      edges: Array.from({ length: i + PREVIOUS_CELLS }, (_, from) => {
        const stride = strideFrom(from, cell);
        const candidates = plan.candidates.map((each) => candidateAt(each, { cell, stride, plan }));
        const kind = cell.reduces ? 'reduce' : 'normal';
        const layer = made({ kind, edge: firstEdge(i) + from, stride, candidates });
        const { partialChannels: of } = plan;
        return { name: `from${from}`, from, layer: partialChannels({ of, stride }, layer) };
      }),
    }));

/** Refuses pictures that cannot be halved twice, and channels that cannot be divided. @throws NetworkError */
export function requireRoom(plan: SupernetPlan): void {
  requireSide('a supernet', plan.task, { least: 4, why: 'halves pictures twice' });
  if (plan.partialChannels > 1) requireDivisible(plan);
}

/** All cells, each edge made of its candidates by `made`. */
export function writeSupernet(
  plan: SupernetPlan,
  { place, pictures }: { readonly place: Place; readonly pictures: Signal },
  made: (site: EdgeSite) => Layer,
): Heads {
  const { task, shape, rules, rest } = plan;
  const at = { ...place, rule: ruleOf(rules, rest, 'rest') };
  const inCells = { ...at, affine: false };
  const chain = writeChain(at, pictures, { shape, nodes: nodesOf(plan, made), inCells });
  const last = outputsOf(chain).at(-1) ?? place.g.refuse('a chain without outputs');
  const head = named('classifier', classifier(task.classes))(at, last);
  return {
    logits: head.y.value,
    backward: (dLogits): Value | undefined => {
      const arrived = nothingArrived(chain);
      arrived.at(-1)?.push(head.backward(dLogits));
      return chainBackward(at, chain, arrived);
    },
  };
}

/** @throws NetworkError for pictures that cannot be halved twice, and channels that cannot be divided */
export function supernet(plan: SupernetPlan): Supernet {
  requireRoom(plan);
  return (alphas) => (place, pictures) => {
    const { g } = place;
    const shares = { normal: sharesOf(g, alphas.normal), reduce: sharesOf(g, alphas.reduce) };
    const made = ({ kind, edge, stride, candidates }: EdgeSite) =>
      mixedOperation({ candidates, ...shares[kind].of(edge), stride });
    return {
      ...writeSupernet(plan, { place, pictures }, made),
      slopes: () => ({ normal: shares.normal.slope(), reduce: shares.reduce.slope() }),
    };
  };
}

function requireDivisible({ partialChannels: k, shape, task }: SupernetPlan): void {
  if (shape.channels % k !== 0)
    throw new NetworkError(
      `a supernet with partialChannels ${k}: expected channels divisible by ${k}, got ${shape.channels}`,
    );
  const { height, width } = task;
  const multiple = isLarge([height, width]) ? 32 : 4;
  if (height % multiple !== 0 || width % multiple !== 0)
    throw new NetworkError(
      `a supernet with partialChannels ${k} pools what goes past its mixtures: expected sides divisible by ${multiple}, got ${height} x ${width}; use partialChannels 1`,
    );
}
