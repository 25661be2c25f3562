// Numbers that matter most, large.
import type { ComponentChildren } from 'preact';

export type Tile = readonly [name: string, value: ComponentChildren];

export const Tiles = ({ tiles }: { tiles: readonly Tile[] }) => (
  <dl class="tiles">
    {tiles.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
