// A trial's ancestors and descendants as a tree, a line each: what was varied, and what it brought. The lines are a list of links.
import { formatMetric, formatPoints } from '../../../cli/quantities/index.ts';
import type { TrialRow } from '../../api.ts';
import type { Objectives, TreeNode } from '../../figures/index.ts';

interface FamilyTreeProps {
  readonly nodes: readonly TreeNode[];
  readonly selected: TrialRow;
  readonly objectives: Objectives;
  readonly hrefOf: (row: TrialRow) => string;
}

const LINE = 26;
const STEP = 18;
/** Generations that are set in: deeper ones stand below the last. */
const DEEPEST = 24;

const xOf = ({ depth }: TreeNode): number => 8 + STEP * Math.min(depth, DEEPEST);
const yOf = ({ line }: TreeNode): number => LINE * (line + 0.5);

export function FamilyTree({ nodes, selected, objectives, hrefOf }: FamilyTreeProps) {
  const byIndex = new Map(nodes.map((node) => [node.row.index, node]));
  const height = LINE * nodes.length;
  const deepest = Math.max(0, ...nodes.map(xOf));
  return (
    <section class="scroll tall" tabIndex={0} aria-label={`Family of #${selected.index}`}>
      <div class="figure tree" style={{ height: `${height}px` }}>
        <svg width={deepest + 12} height={height} aria-hidden="true">
          {nodes.map((node) => (
            <Branch
              key={node.row.index}
              node={node}
              parent={byIndex.get(node.parent ?? -1)}
              isSelected={node.row === selected}
            />
          ))}
        </svg>
        <ol>
          {nodes.map((node) => (
            <li
              key={node.row.index}
              style={{ paddingLeft: `${xOf(node) + 14}px`, height: `${LINE}px` }}
            >
              <a href={hrefOf(node.row)} aria-current={node.row === selected ? 'true' : undefined}>
                #{node.row.index}
              </a>{' '}
              <b>{scoreText(node.row, objectives)}</b>{' '}
              <Gain
                row={node.row}
                parent={byIndex.get(node.parent ?? -1)?.row}
                objectives={objectives}
              />{' '}
              <span class="variation">{node.row.variation}</span>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

interface BranchProps {
  readonly node: TreeNode;
  readonly parent: TreeNode | undefined;
  readonly isSelected: boolean;
}

function Branch({ node, parent, isSelected }: BranchProps) {
  const [x, y] = [xOf(node), yOf(node)];
  const from = parent === undefined ? undefined : { x: xOf(parent), y: yOf(parent) };
  return (
    <g class={isSelected ? 'branch selected' : 'branch'}>
      {from && (
        <path d={from.x === x ? `M${x} ${from.y}V${y}` : `M${from.x} ${from.y}V${y}H${x}`} />
      )}
      <circle cx={x} cy={y} r={isSelected ? 5.5 : 3.5} />
    </g>
  );
}

function scoreText({ objectives: values, state }: TrialRow, objectives: Objectives): string {
  const [score] = values ?? [];
  return score === undefined ? state : formatMetric(objectives[0]?.metric ?? 'accuracy', score);
}

/** Of accuracies in points; of other metrics nothing. */
function Gain({
  row,
  parent,
  objectives,
}: {
  row: TrialRow;
  parent: TrialRow | undefined;
  objectives: Objectives;
}) {
  const [own, before] = [row.objectives?.[0], parent?.objectives?.[0]];
  if (objectives[0]?.metric !== 'accuracy' || own === undefined || before === undefined)
    return null;
  const text = formatPoints(own - before);
  return (
    <span class={own >= before ? 'gain' : 'gain loss'}>{own >= before ? `+${text}` : text}</span>
  );
}
