// SPDX-License-Identifier: Apache-2.0
#include "reports/html_blocks.h"

namespace ridgepoint::report {

// Colours are named by role and defined twice, light and dark; everything below uses the names, the chart
// too. Every ink on every ground has a contrast of at least 4.5 (tests/browser checks it with axe-core).
const char* const kHtmlStyle = R"(:root {
  color-scheme: light dark;
  --paper: #fff; --panel: #f5f7f9; --ink: #17202a; --quiet: #55616d; --rule: #d5dbe1; --accent: #0b5a7a;
  --good: #17663a; --caution: #8a4b00; --bad: #a3221b; --chosen: #e8f3f0; --mine: #f3eff9; --mark: #a8361c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171c; --panel: #1b2229; --ink: #e8ecef; --quiet: #a3afba; --rule: #36414b; --accent: #74c0e3;
    --good: #79d29a; --caution: #f0b267; --bad: #ff9a90; --chosen: #17312c; --mine: #262236; --mark: #ff9d7a;
  }
}
* { box-sizing: border-box; }
html { font: 16px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 0 1.25rem 3rem; max-width: 78rem; background: var(--paper); color: var(--ink);
  overflow-wrap: anywhere; }
a { color: var(--accent); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem 1rem; background: var(--paper); z-index: 1; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
header { padding: 1.75rem 0 1.1rem; border-bottom: 3px solid var(--accent); }
.kind { margin: 0; color: var(--accent); font-size: .85rem; font-weight: 600; letter-spacing: .08em;
  text-transform: uppercase; }
h1 { margin: .15rem 0 .6rem; font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); line-height: 1.15; letter-spacing: -.01em; }
.lead { margin: 0; max-width: 60rem; font-size: clamp(1.05rem, 1rem + .4vw, 1.3rem); line-height: 1.45; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .75rem 0 0; padding: 0; list-style: none;
  font-size: .9rem; }
section { margin-top: 2.1rem; }
h2 { margin: 0 0 .9rem; font-size: 1.4rem; line-height: 1.25; }
p, li { max-width: 46rem; }
ul, ol { margin: .5rem 0 1rem; padding-left: 1.4rem; }
li { margin: .25rem 0; }
.strong { font-weight: 650; }
.quiet { color: var(--quiet); }
.good, .caution, .bad { font-weight: 650; }
.good { color: var(--good); }
.caution { color: var(--caution); }
.bad { color: var(--bad); }
data { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.number data + .quiet { display: block; font-size: .92em; white-space: nowrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem; }
.card { padding: 1.1rem 1.35rem 1rem; background: var(--panel); border-left: 4px solid var(--accent); }
.card h3 { margin: 0; font-size: 1.05rem; line-height: 1.3; }
.subtitle { margin: .1rem 0 0; color: var(--quiet); font-size: .88rem; }
.headline { margin: .6rem 0 0; font-size: 1.55rem; font-weight: 700; line-height: 1.2; }
.badge { margin: .2rem 0 .6rem; }
.card h4 { margin: .9rem 0 .2rem; font-size: .95rem; }
.card ul { margin: 0; }
dl { margin: .5rem 0; }
dl div { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; gap: 0 1rem; padding: .3rem 0;
  border-top: 1px solid var(--rule); }
dt { color: var(--quiet); }
dd { margin: 0; }
.scroll { overflow-x: auto; margin: 1rem 0 1.5rem; }
table { border-collapse: collapse; min-width: 100%; font-size: .9rem; line-height: 1.4; }
caption { padding-bottom: .4rem; text-align: left; font-size: 1rem; font-weight: 650; }
th, td { padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top;
  min-width: 5rem; max-width: 26rem; overflow-wrap: break-word; }
table.wide { min-width: max(100%, 44rem); }
table.very-wide { min-width: max(100%, 66rem); }
thead th { border-bottom: 2px solid var(--quiet); color: var(--quiet); font-weight: 600; vertical-align: bottom; }
tbody th { position: sticky; left: 0; font-weight: 600; min-width: 9rem; background: var(--paper); }
th.number, td.number { padding-right: 1.5rem; text-align: right; min-width: 4rem; }
tr.chosen, tr.chosen th { background: var(--chosen); }
tr.this-machine, tr.this-machine th { background: var(--mine); }
figure { margin: 1rem 0; }
figcaption { max-width: 46rem; color: var(--quiet); font-size: .95rem; }
.roofline { display: block; width: 100%; min-width: 40rem; max-width: 60rem; height: auto; font-size: 12px;
  font-family: inherit; }
.roofline text { fill: var(--ink); }
.roofline .rl-tick { fill: var(--quiet); }
.roofline .rl-title { font-size: 13px; font-weight: 600; }
.roofline .rl-label { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.roofline .rl-kernel { font-weight: 650; }
.rl-frame { fill: none; stroke: var(--rule); stroke-width: 1; }
.rl-grid { stroke: var(--rule); stroke-width: .8; }
.rl-bandwidth, .rl-compute { stroke: var(--accent); stroke-width: 2; }
.rl-compute { stroke-dasharray: 9 4; }
.rl-curve { fill: none; stroke: var(--accent); stroke-width: 2; }
.rl-bar { fill: var(--accent); stroke: var(--paper); stroke-width: .5; }
.rl-bar-other { fill: var(--mark); }
.rl-bar-marked { fill: var(--mark); }
.rl-bar-pale { fill-opacity: .35; stroke: var(--accent); stroke-width: 1; }
.rl-dot { fill: none; stroke: var(--quiet); stroke-width: 1; }
.rl-ridge-line { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 4; }
.rl-ridge { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }
.rl-error { stroke: var(--mark); stroke-width: 1.5; }
.rl-mark { fill: var(--mark); stroke: var(--paper); stroke-width: 1; }
.rl-hollow { fill: var(--paper); stroke: var(--mark); stroke-width: 2; }
.rl-stroke, .rl-heavy { fill: none; stroke: var(--mark); stroke-width: 2.5; }
.rl-heavy { stroke-width: 4; }
@media (min-width: 72rem) {
  figure { display: grid; grid-template-columns: minmax(0, 54rem) 1fr; gap: 2rem; }
  figcaption { padding-top: 1.75rem; }
}
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: .85rem; }
@media (max-width: 34rem) {
  body { padding: 0 .9rem 2rem; }
  dl div { grid-template-columns: minmax(6rem, 8rem) 1fr; }
}
@media print {
  :root { --paper: #fff; --panel: #f5f7f9; --ink: #000; --quiet: #444; --rule: #bbb; --accent: #0b5a7a; --good: #17663a;
    --caution: #8a4b00; --bad: #a3221b; --chosen: #e8f3f0; --mine: #f3eff9; --mark: #a8361c; color-scheme: light; }
  @page { margin: 16mm 14mm; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  .scroll { overflow: visible; }
  figure { display: block; }
  figcaption { padding: 0; }
  table.wide, table.very-wide { min-width: 100%; }
  tbody th { position: static; }
  table { font-size: 7.5pt; }
  th, td, th.number, td.number, tbody th { padding-right: .5rem; min-width: 4.5em; overflow-wrap: anywhere; }
  td.number data + .quiet { white-space: normal; }
  .roofline { min-width: 0; }
  tr, figure, .card { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  thead { display: table-header-group; }
}
)";

}  // namespace ridgepoint::report
