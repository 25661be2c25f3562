// Which rules the networks have, window by window: a column a window, each rule's part of it in its colour.
import { useState } from 'preact/hooks';
import { ruleColor, tenth } from '../../cli/drawing/index.ts';
import type { LearningRuleName } from '../api.ts';
import type { RuleWindows } from '../figures/index.ts';
import { Swatch } from '../parts/index.ts';
import type { Area } from './axes.tsx';
import { useWidth } from './size.ts';
import { type Pointed, Tip } from './tip.tsx';

interface RuleSharesProps {
  readonly rules: readonly LearningRuleName[];
  readonly windows: RuleWindows;
}

const HEIGHT = 250;

export function RuleShares({ rules, windows }: RuleSharesProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<Pointed>();
  const area: Area = { width, height: HEIGHT, left: 44, right: 8, top: 8, bottom: 34 };
  const move = (event: PointerEvent) => {
    const x = event.offsetX;
    const share = (x - area.left) / (area.width - area.left - area.right);
    const count = windows.windows.length;
    const k = Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    setPointed({
      x,
      y: event.offsetY,
      content: <WindowText rules={rules} windows={windows} at={k} />,
    });
  };
  return (
    <div class="figure" ref={ref} onPointerMove={move} onPointerLeave={() => setPointed(undefined)}>
      {width === 0 ? undefined : <Columns rules={rules} windows={windows} area={area} />}
      <Tip at={pointed} width={width} />
      <RuleKeys rules={rules} />
    </div>
  );
}

export const RuleKeys = ({ rules }: { rules: readonly LearningRuleName[] }) => (
  <ul class="keys" aria-label="Learning rules">
    {rules.map((rule) => (
      <li key={rule}>
        <Swatch rule={rule} />
        {rule}
      </li>
    ))}
  </ul>
);

function Columns({ rules, windows: { windows, shares }, area }: RuleSharesProps & { area: Area }) {
  const { width, height, left, right, top, bottom } = area;
  const x = (k: number) => tenth(left + (k / windows.length) * (width - left - right));
  const y = (share: number) => tenth(height - bottom - share * (height - top - bottom));
  const below = (rule: number, k: number) =>
    shares.slice(0, rule).reduce((sum, list) => sum + (list[k] ?? 0), 0);
  const shape = (rule: number) =>
    windows
      .map(
        (_, k) =>
          `M${x(k)} ${y(below(rule, k))}V${y(below(rule + 1, k))}H${x(k + 1)}V${y(below(rule, k))}Z`,
      )
      .join('');
  const last = windows.length - 1;
  const words = rules.map((rule, k) => `${rule} ${percent(shares[k]?.[last])}`).join(', ');
  return (
    <svg width={width} height={height} role="img" aria-label={`Shares of rules, latest: ${words}`}>
      <g class="axes" aria-hidden="true">
        {[0, 0.5, 1].map((share) => (
          <text key={share} x={left - 7} y={y(share) + 4} text-anchor="end">
            {percent(share)}
          </text>
        ))}
        <text x={x(0)} y={height - bottom + 16}>{`#${windows[0]?.first ?? 0}`}</text>
        <text
          x={x(windows.length)}
          y={height - bottom + 16}
          text-anchor="end"
        >{`#${windows[last]?.last ?? 0}`}</text>
        <text
          class="axis-title"
          x={(left + width - right) / 2}
          y={height - bottom + 30}
          text-anchor="middle"
        >
          trials, in order of proposal
        </text>
      </g>
      {rules.map((rule, k) => (
        <path key={rule} class="share" d={shape(k)} fill={ruleColor(rule)} />
      ))}
    </svg>
  );
}

const percent = (share: number | undefined): string => `${Math.round(100 * (share ?? 0))} %`;

function WindowText({ rules, windows: { windows, shares }, at }: RuleSharesProps & { at: number }) {
  return (
    <>
      <b>
        #{windows[at]?.first} to #{windows[at]?.last}
      </b>
      {rules.map((rule, k) => (
        <div key={rule}>
          <Swatch rule={rule} />
          {rule} {percent(shares[k]?.[at])}
        </div>
      ))}
    </>
  );
}
