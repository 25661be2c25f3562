// Shares of something as bars, named at the left.
import type { ComponentChildren } from 'preact';

interface Bar {
  readonly key: string;
  readonly name: ComponentChildren;
  readonly share: number;
  readonly color?: string;
}

export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const widest = Math.max(1e-9, ...bars.map(({ share }) => share));
  return (
    <table class="bars" aria-label={label}>
      <tbody>
        {bars.map(({ key, name, share, color = 'var(--accent)' }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>
              <i
                aria-hidden="true"
                style={{ width: `${(75 * share) / widest}%`, background: color }}
              />
              {(100 * share).toFixed(share < 0.1 ? 1 : 0)} %
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
