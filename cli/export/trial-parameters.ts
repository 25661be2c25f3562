// What a trial was made of, by names that trials of one search share: for programs that compare runs. Pure.
import { isSupernetText } from '../../crds/index.ts';
import { type Diagram, drawingOf } from '../genotype/index.ts';
import type { ResultTrial } from '../result/index.ts';

/** `Cell/node 1/edge 0`: `conv 3×3 from 0`; `Cell/node 1/edge 0 rule`: `uSF`; `fc1 rule`: `FA`. */
export function trialParameters(trial: ResultTrial): Record<string, string> {
  const { purpose, control, genotype, parent, variation, seed } = trial;
  return {
    purpose,
    seed: `${seed}`,
    ...(control === undefined ? {} : { control: `${control.kind} ${control.name}` }),
    ...(parent === undefined ? {} : { parent: `${parent}` }),
    ...(variation === undefined ? {} : { variation }),
    ...(isSupernetText(genotype) ? {} : networkParameters(genotype)),
  };
}

function networkParameters(genotype: string): Record<string, string> {
  const { diagrams, rest } = drawingOf(genotype);
  const parts = diagrams.flatMap(diagramParameters);
  return { ...Object.fromEntries(parts), ...(rest === undefined ? {} : { 'rest rule': rest }) };
}

function diagramParameters(diagram: Diagram): [string, string][] {
  if (diagram.kind === 'chain')
    return diagram.layers.map(({ name, rule }) => [`${name} rule`, rule]);
  const edges = diagram.edges.filter(({ operation }) => operation !== undefined);
  return [...Map.groupBy(edges, ({ to }) => to)].flatMap(([node, into]) =>
    into.flatMap(({ operation, from, rule }, j): [string, string][] => {
      const edge = `${diagram.title}/node ${node}/edge ${j}`;
      const own: [string, string] = [edge, `${operation} from ${from}`];
      return rule === undefined ? [own] : [own, [`${edge} rule`, rule]];
    }),
  );
}
