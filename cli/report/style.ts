// The page's style: light and dark by the reader's setting, one column on a phone.
import { Markup } from './html.ts';

export const STYLE = new Markup(`
:root { color-scheme: light dark; --ink: #1c2024; --muted: #656d76; --line: #d8dde3; --grid: #eceff2;
  --page: #f6f8fa; --card: #ffffff; --accent: #0b62c4; --final: #b3261e; --good: #1a7f37; --warn: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --muted: #9198a1; --line: #3d444d; --grid: #2a3038;
  --page: #0d1117; --card: #151b23; --accent: #6cb0ff; --final: #ff8a80; --good: #56d364; --warn: #e3b341; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 20px 14px 48px; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 17px; margin: 0 0 10px; }
header p { margin: 2px 0 0; color: var(--muted); }
.state { display: inline-block; margin-left: 10px; padding: 1px 10px; border: 1.5px solid; border-radius: 99px;
  font-size: 13px; font-weight: 600; vertical-align: 4px; }
.state.Completed { color: var(--good); } .state.Failed { color: var(--final); } .state.Interrupted { color: var(--warn); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; margin: 16px 0; padding: 0; list-style: none; }
.tiles li, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tiles li { padding: 10px 14px; } .tiles b { display: block; font-size: 21px; line-height: 1.3; } .tiles span { color: var(--muted); font-size: 13px; }
section { padding: 14px 16px; margin: 0 0 14px; min-width: 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 14px; margin-bottom: 14px; }
.pair section { margin: 0; }
.scroll { overflow-x: auto; }
.chart { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }
.axes text { fill: var(--muted); font-size: 12.5px; } .grid { stroke: var(--grid); } .axis { stroke: var(--line); }
.best-line { fill: none; stroke: var(--accent); stroke-width: 2.5; }
.dot { fill: var(--muted); fill-opacity: .75; stroke: var(--card); } .dot.leads { fill: var(--accent); fill-opacity: 1; }
.dot.diverged { fill: none; stroke: var(--final); stroke-width: 1.5; } .dot.infeasible { fill: none; stroke: var(--muted); stroke-width: 1.5; } .dot:hover { fill: var(--ink); }
.curve path { fill: none; stroke: var(--c); stroke-width: 1.5; } .curve circle { fill: var(--c); stroke: var(--card); }
.curve .reach { stroke: transparent; stroke-width: 14; }
.curve.searched { --c: var(--muted); opacity: .65; } .curve.best { --c: var(--accent); } .curve.final { --c: var(--final); }
.curve.best path, .curve.final path { stroke-width: 2.5; } .curve.final path { stroke-dasharray: 7 3; }
.curve:hover { opacity: 1; } .curve:hover path:not(.reach) { stroke-width: 3.5; } .curve .reach { stroke-width: 14; }
.keys, .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; padding: 0; margin: 8px 0 0; font-size: 13px; color: var(--muted); }
.keys i { display: inline-block; width: 18px; height: 0; border-top: 3px solid var(--c); margin-right: 6px; vertical-align: 4px; }
.keys i.final { border-top-style: dashed; }
.cells { display: flex; flex-wrap: wrap; gap: 10px 32px; justify-content: space-around; }
.cell { margin: 0; max-width: 100%; min-width: 0; } figcaption { color: var(--muted); font-size: 13px; margin-bottom: 4px; }
.graph { display: block; margin: 0 auto; }
.node rect { fill: var(--ink); } .node text { fill: var(--card); font-weight: 600; }
.edge path { fill: none; stroke: var(--rule); stroke-width: 2.2; } .edge path.head { fill: var(--rule); stroke: none; }
.edge.none path { stroke-width: 1.2; stroke-dasharray: 2 4; }
.label rect { fill: var(--card); stroke: var(--rule); stroke-width: 2.2; } .label.plain rect { stroke-width: 1.2; stroke-dasharray: 4 3; }
.label.plain text { fill: var(--muted); } .label .rule { font-weight: 700; }
.chain { display: flex; flex-wrap: wrap; gap: 10px 26px; list-style: none; padding: 4px 0; margin: 0; }
.chain li { position: relative; border: 2.2px solid var(--rule); border-radius: 6px; padding: 3px 9px; font-size: 13px; }
.chain li:not(:last-child)::after { content: "\\2192"; position: absolute; right: -22px; color: var(--muted); }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; background: var(--rule); margin-right: 6px; vertical-align: -1px; }
.genotype { margin: 10px 0 0; font-size: 12.5px; overflow-wrap: anywhere; color: var(--muted); }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: 12.5px; } th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--grid); }
td, thead th { white-space: nowrap; } .number { text-align: right; font-variant-numeric: tabular-nums; } .number + .words { padding-left: 6px; }
.shares th { white-space: nowrap; } .shares td { width: 44%; } .bar { display: flex; align-items: center; gap: 8px; font-size: 12.5px; }
.bar i { display: block; height: 13px; min-width: 2px; border-radius: 0 4px 4px 0; background: var(--rule); } .bar .weak { opacity: .5; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 16px; margin: 0 0 10px; font-size: 13.5px; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--accent); font-size: 13.5px; } pre { font-size: 12px; line-height: 1.4; }
.claims { margin: 10px 0; padding-left: 20px; }
a { color: var(--accent); } .empty { color: var(--muted); }
#tip { position: absolute; z-index: 1; max-width: 320px; padding: 5px 9px; border-radius: 6px; background: var(--ink); color: var(--card); font-size: 12.5px; pointer-events: none; }
`);
