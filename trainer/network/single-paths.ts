// The supernet as a set of single paths (SPOS, Guo et al. 2020): in a step each edge is one candidate or adds nothing, as inputs say,
// so that what runs is one network of the space, with the weights that all of them share.
import { chosenOperation, type Taken } from '../primitives/index.ts';
import { equal, type Graph, reshape, slice, type Value } from '../program/index.ts';
import { CELL_KINDS, type CellKind, EDGES } from './edge-shares.ts';
import { type Network, NetworkError } from './network.ts';
import { type EdgeSite, requireRoom, type SupernetPlan, writeSupernet } from './supernet.ts';

/** int32 [EDGES] of each kind of cell: number of the candidate, -1 where the edge is not there. */
export type Paths = Readonly<Record<CellKind, Value>>;

/** Writes the supernet as it is on these paths. */
export type SinglePaths = (paths: Paths) => Network;

/** @throws NetworkError for pictures and channels as `supernet`, and for a candidate that adds zeros */
export function singlePaths(plan: SupernetPlan): SinglePaths {
  requireRoom(plan);
  if (plan.candidates.some(({ operation }) => operation === 'none'))
    throw new NetworkError('single paths: expected candidates that compute, got none');
  return (paths) => (place, pictures) => {
    const taken = takenOn(place.g, paths, plan.candidates.length);
    const made = ({ kind, edge, candidates }: EdgeSite) =>
      chosenOperation({
        candidates: candidates.flatMap(({ name, layer }) => (layer ? [{ name, layer }] : [])),
        taken: taken[kind][edge] ?? place.g.refuse(`no path says what edge ${edge} is`),
      });
    return writeSupernet(plan, { place, pictures }, made);
  };
}

/** Of each edge; cells of one kind share it. */
function takenOn(g: Graph, paths: Paths, candidates: number): Record<CellKind, readonly Taken[]> {
  const edges = (path: Value): readonly Taken[] =>
    Array.from({ length: EDGES }, (_, edge) => {
      const choice = reshape(g, slice(g, path, [edge], [1]), []);
      const is = (k: number) => equal(g, choice, g.constant([k], [], 'int32'));
      return { candidates: Array.from({ length: candidates }, (__, k) => is(k)), none: is(-1) };
    });
  return Object.fromEntries(CELL_KINDS.map((kind) => [kind, edges(paths[kind])])) as Record<
    CellKind,
    readonly Taken[]
  >;
}
