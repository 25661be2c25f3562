// An axis of parallel coordinates and its values, each of which can be chosen: by a click, a drag over several, or arrows and space.
import { useRef, useState } from 'preact/hooks';
import { type PlaceAxis, valuesWithin } from '../../figures/index.ts';
import { AxisFrame } from './axis-frame.tsx';
import type { ParallelLayout } from './layout.ts';
import { shortened } from './shortened.ts';

interface AxisValuesProps {
  readonly axis: PlaceAxis;
  readonly at: number;
  readonly layout: ParallelLayout;
  readonly chosen: readonly string[];
  readonly onChoose: (values: readonly string[]) => void;
}

export function AxisValues({ axis, at, layout, chosen, onChoose }: AxisValuesProps) {
  const { x, y } = layout;
  const toggle = (value: string) =>
    onChoose(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  const { group, current, onKeyDown } = useAxisKeys(axis, toggle);
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: g is a group of SVG, and not interactive
    <g ref={group} role="group" aria-label={axis.place} onKeyDown={onKeyDown}>
      <AxisFrame
        title={axis.place}
        at={at}
        layout={layout}
        reach={14}
        onDrag={(from, to) => onChoose(valuesWithin(axis, from, to))}
      />
      {axis.values.map((value, k) => (
        <AxisValue
          key={value}
          value={value}
          x={x(at)}
          y={y((k + 0.5) / axis.values.length)}
          chosen={chosen.includes(value)}
          faded={chosen.length > 0 && !chosen.includes(value)}
          tabIndex={k === current ? 0 : -1}
          onToggle={() => toggle(value)}
        />
      ))}
    </g>
  );
}

/** One value of the axis has the keyboard: arrows move it, space and Enter choose it. */
function useAxisKeys({ values }: PlaceAxis, toggle: (value: string) => void) {
  const group = useRef<SVGGElement>(null);
  const [wanted, setWanted] = useState(0);
  const current = Math.min(wanted, values.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined && event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    const value = values[current];
    if (step === undefined) {
      if (value !== undefined) toggle(value);
      return;
    }
    const next = Math.min(values.length - 1, Math.max(0, current + step));
    setWanted(next);
    group.current?.querySelectorAll<SVGGElement>('[role=checkbox]')[next]?.focus();
  };
  return { group, current, onKeyDown };
}

interface AxisValueProps {
  readonly value: string;
  readonly x: number;
  readonly y: number;
  readonly chosen: boolean;
  readonly faded: boolean;
  readonly tabIndex: number;
  readonly onToggle: () => void;
}

/** Of a letter at 11 px. */
const LETTER = 6.1;

function AxisValue({ value, x, y, chosen, faded, tabIndex, onToggle }: AxisValueProps) {
  const text = shortened(value);
  return (
    <g
      role="checkbox"
      aria-checked={chosen}
      aria-label={value}
      class={faded ? 'value faded' : chosen ? 'value chosen' : 'value'}
      tabindex={tabIndex}
      onClick={onToggle}
    >
      <title>{value}</title>
      <rect x={x + 6} y={y - 8} width={text.length * LETTER + 8} height={16} rx={4} />
      <text x={x + 10} y={y + 4}>
        {text}
      </text>
    </g>
  );
}
