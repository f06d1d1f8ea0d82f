// SPDX-License-Identifier: Apache-2.0
// How sure an answer is and what would change it: the charts of the decision, each with the table behind it.
#include <algorithm>
#include <cmath>

#include "reports/pages/answer.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

constexpr std::size_t kMostBars = 10;

std::string name_in(const Answer& a, const std::string& id) {
  const Estimate* e = find_estimate(a, id);
  return e != nullptr ? name_of(*e) : id;
}

/// "price of NVIDIA L4"; the workload's own inputs stand alone.
std::string input_of(const Answer& a, const std::string& input, const std::string& platform) {
  return platform.empty() ? input : input + " of " + name_in(a, platform);
}

/// Charts say whose date and kind their numbers are.
std::string dated(const std::string& as_of) { return " Modelled, as of " + as_of + "."; }

std::vector<const Estimate*> with_outlook(const Answer& a) {
  std::vector<const Estimate*> out;
  for (const Estimate& e : a.estimates)
    if (e.standing == Standing::ranked && e.outlook) out.push_back(&e);
  std::ranges::stable_sort(out, std::greater(),
                           [](const Estimate* e) { return e->outlook->probability_best; });
  if (out.size() > kMostBars) out.resize(kMostBars);
  return out;
}

Text share_or_unknown(const std::optional<double>& share) {
  return share ? percent(*share) : quiet("unknown");
}

Table outlook_table(const Answer& a, const std::vector<const Estimate*>& shown) {
  Table table;
  table.caption = "Chance to be the best for " + name_of(a);
  table.columns = {{"Platform", Align::text},
                   {"Best", Align::number},
                   {"Within 5 % of the best", Align::number},
                   {"Expected regret", Align::number},
                   {"Regret, 95 %", Align::number}};
  for (const Estimate* e : shown)
    table.rows.push_back(
        {{name_of(*e), percent(e->outlook->probability_best), share_or_unknown(e->outlook->within5),
          share_or_unknown(e->outlook->expected_regret), share_or_unknown(e->outlook->p95_regret)},
         e->platform_id == a.choice ? Emphasis::chosen : Emphasis::none});
  return table;
}

void add_figure(Section& section, BarChart chart, const std::string& words) {
  if (!chart.drawable()) return;
  Text caption = bar_summary(chart) + words;
  section.blocks.emplace_back(Figure{std::move(chart), std::move(caption)});
}

void add_outlook(Section& section, const Answer& a, const std::string& as_of) {
  const std::vector<const Estimate*> shown = with_outlook(a);
  if (shown.empty()) return;
  BarChart best{"Chance to be the best",
                {"Chance to be the best of all that are ranked", "share"},
                Spread::linear,
                {},
                {},
                "the choice"};
  BarChart regret{"Regret of each choice",
                  {"Regret: more than the best would take", "share"},
                  Spread::linear,
                  {},
                  {},
                  "the choice"};
  for (const Estimate* e : shown) {
    const bool chosen = e->platform_id == a.choice;
    best.bars.push_back({name_of(*e), 0, e->outlook->probability_best, {}, chosen});
    if (e->outlook->expected_regret)
      regret.bars.push_back({name_of(*e), 0, *e->outlook->expected_regret, e->outlook->p95_regret, chosen});
  }
  add_figure(section, std::move(best), dated(as_of));
  add_figure(section, std::move(regret),
             " Bars end at the expected regret, lines at the one that 95 % of the cases do not exceed." +
                 dated(as_of));
  section.blocks.emplace_back(outlook_table(a, shown));
}

/// Ratios of a few per cent are told apart on a linear axis, of several times on a logarithmic one.
Spread spread_of(const std::vector<Bar>& bars) {
  double least = 1, most = 1;
  for (const Bar& b : bars) {
    least = std::min({least, b.from, b.to});
    most = std::max({most, b.from, b.to});
  }
  return least > 0 && most / least > 4 ? Spread::logarithmic : Spread::linear;
}

Table tornado_table(const Answer& a) {
  Table table;
  table.caption = "What moves the margin for " + name_of(a);
  table.columns = {{"Input", Align::text},
                   {"Now", Align::number},
                   {"10 %", Align::number},
                   {"90 %", Align::number},
                   {"Margin at 10 %", Align::number},
                   {"Margin at 90 %", Align::number},
                   {"Best at 10 %", Align::text},
                   {"Best at 90 %", Align::text}};
  for (const TornadoBar& t : a.tornado)
    table.rows.push_back(
        {{input_of(a, t.input, t.platform_id), quantity(t.now, t.unit), quantity(t.low, t.unit),
          quantity(t.high, t.unit), or_unknown(t.margin_low, "1"), or_unknown(t.margin_high, "1"),
          or_else(name_in(a, t.winner_low), "unknown"), or_else(name_in(a, t.winner_high), "unknown")},
         t.flips ? Emphasis::chosen : Emphasis::none});
  return table;
}

void add_tornado(Section& section, const Answer& a, const std::string& as_of) {
  if (a.tornado.empty()) return;
  BarChart chart{
      "Tornado",      {"Margin: the best other over the choice; below 1 the choice loses", "times"},
      Spread::linear, {},
      {{"tie", 1}},   "changes the winner"};
  if (a.margin_ratio) chart.marks.push_back({"now", *a.margin_ratio});
  for (const TornadoBar& t : a.tornado)
    if (t.margin_low && t.margin_high)
      chart.bars.push_back({input_of(a, t.input, t.platform_id),
                            std::min(*t.margin_low, *t.margin_high),
                            std::max(*t.margin_low, *t.margin_high),
                            {},
                            t.flips});
  chart.spread = spread_of(chart.bars);
  add_figure(section, std::move(chart),
             " Each input alone goes from its 10 % to its 90 % value; a full bar changes the winner." +
                 dated(as_of));
  section.blocks.emplace_back(tornado_table(a));
}

bool has_factor(const BreakEven& b) {
  return b.now > 0 && b.flips_at > 0 && std::isfinite(b.flips_at / b.now);
}

Table break_even_table(const Answer& a, const std::vector<const BreakEven*>& shown) {
  Table table;
  table.caption = "Where the answer for " + name_of(a) + " changes";
  table.columns = {{"Input", Align::text},    {"Now", Align::number},        {"Changes at", Align::number},
                   {"Factor", Align::number}, {"In favour of", Align::text}, {"Possible", Align::text}};
  for (const BreakEven* b : shown)
    table.rows.push_back(
        {{input_of(a, b->input, b->platform_id), quantity(b->now, b->unit), quantity(b->flips_at, b->unit),
          has_factor(*b) ? derived(b->flips_at / b->now, "1") : quiet("none"), name_in(a, b->rival_id),
          b->reachable ? "yes" : quiet("no: beyond its peak")},
         Emphasis::none});
  return table;
}

/// The nearest first.
std::vector<const BreakEven*> by_distance(const Answer& a) {
  std::vector<const BreakEven*> out;
  for (const BreakEven& b : a.break_evens) out.push_back(&b);
  std::ranges::stable_sort(out, {}, [](const BreakEven* b) {
    return has_factor(*b) ? std::abs(std::log(b->flips_at / b->now)) : HUGE_VAL;
  });
  return out;
}

void add_break_evens(Section& section, const Answer& a, const std::string& as_of) {
  const std::vector<const BreakEven*> shown = by_distance(a);
  if (shown.empty()) return;
  BarChart chart{"Break-evens",  {"Factor on the input at which the winner changes", "times"},
                 Spread::linear, {},
                 {{"now", 1}},   "within reach"};
  for (const BreakEven* b : shown)
    if (has_factor(*b) && chart.bars.size() < kMostBars)
      chart.bars.push_back(
          {input_of(a, b->input, b->platform_id), 1, b->flips_at / b->now, {}, b->reachable});
  chart.spread = spread_of(chart.bars);
  add_figure(section, std::move(chart),
             " The shorter the bar, the less it takes to change the answer; pale bars are beyond reach." +
                 dated(as_of));
  section.blocks.emplace_back(break_even_table(a, shown));
}

FrontChart front_chart(const Answer& a, const CostScale& scale) {
  FrontChart chart{"Cost and time of " + name_of(a), {"Cost" + scale.per, "usd"}, {"Time of one", "s"}, {}};
  for (const Estimate& e : a.estimates)
    if (e.time_s && e.cost_usd && (e.standing == Standing::ranked || e.standing == Standing::no_figure))
      chart.candidates.push_back({name_of(e), e.cost_usd->value * scale.units, e.time_s->value,
                                  e.platform_id == a.choice, e.measured_machine});
  return chart;
}

Table front_table(const FrontChart& chart, const CostScale& scale) {
  Table table;
  table.caption = "No other is both cheaper and faster";
  table.columns = {{"Platform", Align::text}, {"Cost" + scale.per, Align::number}, {"Time", Align::number}};
  for (const std::size_t i : front_of(chart.candidates)) {
    const Candidate& c = chart.candidates[i];
    Text cost = derived(c.x / scale.units, "usd");
    cost.spans.front().text = on_axis(c.x, chart.x);
    table.rows.push_back({{c.name, cost, quantity(c.y, "s")}, c.chosen ? Emphasis::chosen : Emphasis::none});
  }
  return table;
}

void add_front(Section& section, const Answer& a, const std::string& as_of) {
  const CostScale scale = cost_scale(a);
  FrontChart chart = front_chart(a, scale);
  if (!chart.drawable()) return;
  Table table = front_table(chart, scale);
  Text caption = front_summary(chart) + " The diamond is the choice, small rings are beaten in both." +
                 (a.unit_of_work.empty() ? "" : " One unit of work: " + a.unit_of_work + ".") + dated(as_of);
  Figure figure;
  figure.chart.emplace<FrontChart>(std::move(chart));
  figure.caption = std::move(caption);
  section.blocks.emplace_back(std::move(figure));
  section.blocks.emplace_back(std::move(table));
}

}  // namespace

Section odds_section(const Answer& a, const std::string& as_of) {
  Section section{"How sure, and what would change it: " + name_of(a), {}};
  add_outlook(section, a, as_of);
  add_front(section, a, as_of);
  add_tornado(section, a, as_of);
  add_break_evens(section, a, as_of);
  return section;
}

}  // namespace ridgepoint::report
