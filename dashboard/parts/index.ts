// Door of the parts that views are made of.
export { Card, Note } from './card.tsx';
export { Choice } from './choice.tsx';
export { DataTable, type TableColumn } from './data-table.tsx';
export { Meter } from './meter.tsx';
export { Phase } from './phase.tsx';
export { sorted } from './sorting.ts';
export { Swatch } from './swatch.tsx';
export { ThemeSwitch } from './theme-switch.tsx';
export { type Tile, Tiles } from './tiles.tsx';
export { YamlCard } from './yaml.tsx';
