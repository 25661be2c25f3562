// How a family of networks is shown to people. Members: nb201.ts, darts.ts, fixed.ts.
import type { Genotype, LearningRuleName, SearchSpace } from '../../crds/index.ts';

/** A cell: what flows from node to node, and by which rule its weights learn. */
export interface CellDiagram {
  readonly kind: 'cell';
  readonly title: string;
  readonly nodes: readonly { readonly id: string; readonly label: string }[];
  readonly edges: readonly CellEdge[];
}

/** Neither where the operation has no weights. */
export interface Learning {
  readonly rule?: LearningRuleName;
  /** The weights learn by the operation's own local rule. */
  readonly local?: true;
}

export interface CellEdge extends Learning {
  readonly from: string;
  readonly to: string;
  /** Absent for a mere connection, as from a DARTS node to the cell's output. */
  readonly operation?: string;
}

/** Layers one after the other. */
export interface ChainDiagram {
  readonly kind: 'chain';
  readonly title: string;
  readonly layers: readonly { readonly name: string; readonly rule: LearningRuleName }[];
}

export type Diagram = CellDiagram | ChainDiagram;

export interface Presentation<G extends Genotype = Genotype> {
  /** One line, as short as it can be with nothing left out. */
  short(genotype: G): string;
  /** The rule of every place that has one; `rest` counts as one place. */
  rules(genotype: G): LearningRuleName[];
  diagrams(genotype: G): Diagram[];
  /** Rule of the layers that no diagram shows. */
  rest(genotype: G): LearningRuleName | undefined;
  /** Names of all places at which networks of the family may differ, `rest` the last where there is one. */
  places(space: SearchSpace): string[];
  /** What stands at each place, by name, such as `sep_conv_3x3:uSF`; a place that is not in it is empty. */
  genes(genotype: G): Readonly<Record<string, string>>;
}
