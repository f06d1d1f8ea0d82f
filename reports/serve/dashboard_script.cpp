// SPDX-License-Identifier: Apache-2.0
#include "reports/serve/site.h"

namespace ridgepoint::serve {

// Texts of documents enter the page as text nodes only.
std::string_view dashboard_script() {
  return R"js("use strict";
const by = (id) => document.getElementById(id);
const make = (tag, text, kind) => {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (kind) e.className = kind;
  return e;
};
const svg = (tag, attributes, text) => {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  return e;
};
const units = { cost: ["$", ""], time: ["", " s"], energy: ["", " J"], carbon: ["", " g"] };
const fields = { cost: "cost_usd", time: "time_s", energy: "energy_j", carbon: "carbon_g" };
const show = (v) => Number(v.toPrecision(3)).toString();
const figure = (objective, v) => units[objective][0] + show(v) + units[objective][1];

let asked = 0;
async function ask(path, query) {
  const given = Object.entries(query || {}).filter(([, v]) => v);
  const headers = by("token").value ? { Authorization: "Bearer " + by("token").value } : {};
  const reply = await fetch(path + (given.length ? "?" + new URLSearchParams(given) : ""), { headers });
  if (reply.status === 401) by("token-label").hidden = false;
  const body = await reply.json();
  if (!reply.ok) throw new Error(body.error.what + (body.error.fix ? "; " + body.error.fix : ""));
  return body;
}

function question() {
  const [kind, name] = by("subject").value.split(" ");
  const query = { objective: by("objective").value, "as-of": by("as-of").value, basis: by("basis").value };
  if (kind !== "network") return { ...query, workload: name };
  return { ...query, network: name, input: by("input").value.trim(), precision: by("precision").value, phase: by("phase").value };
}

function showRanking(answer, objective) {
  const body = by("ranking").tBodies[0];
  body.replaceChildren();
  by("figure-heading").textContent = objective + " per " + answer.unit_of_work;
  const ranked = answer.estimates.filter((e) => e.standing === "ranked").slice(0, 15);
  ranked.forEach((e, i) => {
    const row = make("tr", undefined, i === 0 ? "best" : "");
    const f = e[fields[objective]];
    const best = e.outlook ? show(100 * e.outlook.probability_best) + " %" : "";
    row.append(make("td", String(i + 1), "number"), make("td", e.platform_name), make("td", figure(objective, f.value), "number"),
      make("td", figure(objective, f.lo) + " to " + figure(objective, f.hi), "number"), make("td", best, "number"), make("td", e.bound_by));
    body.append(row);
  });
}

function showAnswer(document_, took) {
  const answer = document_.answers[0];
  const objective = document_.objective;
  showRanking(answer, objective);
  const best = answer.estimates.find((e) => e.platform_id === answer.choice);
  by("answer").textContent = best
    ? `${best.platform_name} for the lowest ${objective} (${answer.verdict}), ${document_.as_of}. Computed in ${took.toFixed(0)} ms.`
    : `No platform has an answer at ${document_.as_of}. Computed in ${took.toFixed(0)} ms.`;
  return best;
}

function showCliff(fit) {
  const chart = by("cliff-chart");
  chart.replaceChildren();
  const points = fit.by_batch || [];
  by("cliff").hidden = points.length < 2;
  if (points.length < 2) return;
  const capacity = fit.capacity_byte;
  const top = Math.max(capacity || 0, ...points.map((p) => p.byte)) * 1.1;
  const low = Math.log2(points[0].at), high = Math.log2(points[points.length - 1].at);
  const x = (at) => 50 + 570 * (Math.log2(at) - low) / (high - low || 1);
  const y = (byte) => 210 - 190 * byte / top;
  chart.append(svg("polyline", { class: "curve", points: points.map((p) => x(p.at) + "," + y(p.byte)).join(" ") }));
  if (capacity) chart.append(svg("line", { class: "capacity", x1: 50, x2: 620, y1: y(capacity), y2: y(capacity) }),
    svg("text", { x: 54, y: y(capacity) - 4 }, show(capacity / 2 ** 30) + " GiB there"));
  for (const p of points) chart.append(svg("text", { x: x(p.at) - 4, y: 228 }, show(p.at)));
  const largest = fit.largest_batch ? `The largest batch that fits with margin is ${show(fit.largest_batch)}.` : "No batch fits with margin.";
  by("cliff-text").textContent = `${fit.network} on ${fit.platform_name}: ${fit.verdict}. ${largest}`;
}

async function refresh() {
  const mine = ++asked;
  const q = question();
  for (const e of document.querySelectorAll(".network")) e.hidden = !q.network;
  by("answer").textContent = "Computing.";
  try {
    const begin = performance.now();
    const document_ = await ask("/api/v1/recommend", q);
    if (mine !== asked) return;
    const best = showAnswer(document_, performance.now() - begin);
    by("cliff").hidden = true;
    if (!q.network || !best) return;
    const precision = q.precision === "fp32" ? "fp32" : "mixed";
    const fit = await ask("/api/v1/fit", { network: q.network, platform: best.platform_id, input: q.input, phase: q.phase, precision, "as-of": q["as-of"] });
    if (mine === asked) showCliff(fit);
  } catch (e) {
    if (mine === asked) by("answer").textContent = "There is no answer: " + e.message;
  }
}

async function begin() {
  try {
    const [workloads, networks, documents] = await Promise.all(["workloads", "networks", "documents"].map((n) => ask("/api/v1/" + n)));
    const groups = [["Workloads", "workload", workloads], ["Networks", "network", networks]].map(([label, kind, list]) => {
      const group = make("optgroup");
      group.label = label;
      for (const one of list) {
        const name = one[kind];
        const option = make("option", name);
        option.value = kind + " " + name;
        group.append(option);
      }
      return group;
    });
    by("subject").replaceChildren(...groups);
    by("documents").replaceChildren(...documents.map((d) => {
      const link = make("a", d.name + " (" + d.kind + ")");
      link.href = "/api/v1/documents/" + d.name.split("/").map(encodeURIComponent).join("/");
      const item = make("li");
      item.append(link);
      return item;
    }));
    refresh();
  } catch (e) {
    by("answer").textContent = "There is no answer: " + e.message;
  }
}

by("question").addEventListener("submit", (e) => e.preventDefault());
by("question").addEventListener("change", (e) => (e.target.id === "token" ? begin() : refresh()));
begin();
)js";
}

}  // namespace ridgepoint::serve
