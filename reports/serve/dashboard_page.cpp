// SPDX-License-Identifier: Apache-2.0
#include "reports/serve/site.h"

namespace ridgepoint::serve {

std::string_view dashboard_page() {
  return R"page(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ridgepoint</title>
<link rel="stylesheet" href="/dashboard.css">
<script src="/dashboard.js" defer></script>
</head>
<body>
<header><h1>Ridgepoint</h1><p>Which platform should this workload run on? Every change is computed again by the server.</p></header>
<main>
<form id="question" aria-label="Question">
<label>Workload <select id="subject"></select></label>
<label class="network">Input <input id="input" placeholder="batch x channels x extents" autocomplete="off"></label>
<label class="network">Precision <select id="precision"><option>fp32</option><option>bf16</option><option>fp16</option><option>int8</option></select></label>
<label class="network">Phase <select id="phase"><option>inference</option><option>training</option></select></label>
<label>Lowest <select id="objective"><option>cost</option><option>time</option><option>energy</option><option>carbon</option></select></label>
<label>Date <input id="as-of" type="month"></label>
<label>Paid as <select id="basis"><option>rented</option><option>reserved</option><option>spot</option><option>owned</option></select></label>
<label id="token-label" hidden>Token <input id="token" type="password" autocomplete="off"></label>
</form>
<p id="answer" role="status" aria-live="polite">Loading.</p>
<section aria-labelledby="ranking-title"><h2 id="ranking-title">Ranking</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Ranking, scrolls sideways"><table id="ranking"><thead><tr>
<th scope="col">Rank</th><th scope="col">Platform</th><th scope="col" id="figure-heading">Figure</th><th scope="col">10 % to 90 %</th>
<th scope="col">Is best with</th><th scope="col">Bound by</th></tr></thead><tbody></tbody></table></div></section>
<section aria-labelledby="cliff-title" id="cliff" hidden><h2 id="cliff-title">Memory by batch</h2>
<p id="cliff-text"></p><svg id="cliff-chart" viewBox="0 0 640 240" role="img" aria-labelledby="cliff-text"></svg></section>
<section aria-labelledby="documents-title"><h2 id="documents-title">Documents of the folder</h2>
<ul id="documents"></ul><p><a href="/api/v1">API</a> · <a href="/metrics">metrics</a></p></section>
</main>
</body>
</html>
)page";
}

std::string_view dashboard_style() {
  return R"css(:root { color-scheme: light dark; --line: #8888; --mark: #2458b3; --ink: #16181d; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --mark: #8ab4f8; --ink: #e8eaed; --paper: #16181d; } }
html { background: var(--paper); color: var(--ink); }
body { background: var(--paper); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; }
a { color: var(--mark); }
h1 { margin: 0; } h2 { margin: 1.5rem 0 .5rem; font-size: 1.2rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; }
label { display: flex; flex-direction: column; font-size: .875rem; }
label[hidden] { display: none; }
select, input { font: inherit; min-height: 2.2rem; max-width: 20rem; }
#answer { border-left: .3rem solid var(--mark); padding-left: .75rem; min-height: 3rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.best { font-weight: 600; }
svg { width: 100%; max-width: 40rem; height: auto; }
svg .curve { fill: none; stroke: var(--mark); stroke-width: 2; }
svg .capacity { stroke: currentColor; stroke-dasharray: 6 4; }
svg text { font-size: 12px; fill: currentColor; }
)css";
}

}  // namespace ridgepoint::serve
