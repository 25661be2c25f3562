// Parallel coordinates: every trial a strand over the places of its network, coloured by its score. Values are chosen by a drag along
// an axis, by a click, or by the keyboard; what is chosen is a term of the filter.
import { useMemo } from 'preact/hooks';
import type { TrialRow } from '../../api.ts';
import type { Objectives, Strands } from '../../figures/index.ts';
import { Canvas } from '../canvas.tsx';
import { useWidth } from '../size.ts';
import { AxisValues } from './axis-values.tsx';
import { drawFaint, drawFitting } from './draw.ts';
import { parallelLayout } from './layout.ts';
import { ScoreAxis } from './score-axis.tsx';

export interface ParallelProps {
  readonly strands: Strands;
  readonly objectives: Objectives;
  readonly fits: (row: TrialRow) => boolean;
  /** Values of a place that are chosen; none: all are. */
  readonly chosen: (place: string) => readonly string[];
  readonly onChoose: (place: string, values: readonly string[]) => void;
  /** Of the first objective, from and to; undefined: all. */
  readonly onRange: (range: readonly [number, number] | undefined) => void;
}

export function Parallel(props: ParallelProps) {
  const { strands, objectives, fits, chosen, onChoose, onRange } = props;
  const [ref, room] = useWidth<HTMLDivElement>();
  const layout = useMemo(
    () => parallelLayout(strands, objectives, room),
    [strands, objectives, room],
  );
  const { width, height } = layout;
  const size = { width: room === 0 ? 0 : width, height };
  return (
    <section class="scroll" ref={ref} tabIndex={0} aria-label="Parallel coordinates">
      <div class="figure layers parallel" style={{ height: `${height}px`, width: `${width}px` }}>
        <Canvas
          {...size}
          hidden={strands.strands.every(({ row }) => fits(row))}
          draw={(context) => drawFaint(context, strands, layout)}
          deps={[strands, layout]}
        />
        <Canvas
          {...size}
          draw={(context) => drawFitting(context, strands, layout, fits)}
          deps={[strands, layout, fits]}
        />
        <svg width={width} height={height} role="group" aria-label="Values of places">
          {strands.axes.map((axis, k) => (
            <AxisValues
              key={axis.place}
              axis={axis}
              at={k}
              layout={layout}
              chosen={chosen(axis.place)}
              onChoose={(values) => onChoose(axis.place, values)}
            />
          ))}
          <ScoreAxis at={strands.axes.length} layout={layout} onRange={onRange} />
        </svg>
      </div>
    </section>
  );
}
