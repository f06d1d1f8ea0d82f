// SPDX-License-Identifier: Apache-2.0
#include "model/validation/order.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "model/core/format.h"
#include "model/core/stats.h"
#include "model/core/text.h"
#include "model/validation/read.h"

namespace ridgepoint {
namespace {

constexpr double kClearRatio = 1.25;

/// A mean of logarithms.
struct LogMean {
  double sum = 0;
  int n = 0;
  void add(double value) {
    sum += std::log(value);
    ++n;
  }
  double value() const { return sum / n; }
};

struct System {
  std::string platform_id;
  double devices = 1;
  LogMean measured, predicted, measured_cost, predicted_cost;
  std::string name() const { return platform_id + " x " + show_number(devices); }
};

using Systems = std::map<std::pair<std::string, double>, System>;

std::map<std::string, Systems> grouped(const std::vector<Contender>& contenders) {
  std::map<std::string, Systems> groups;
  for (const Contender& c : contenders) {
    System& s = groups[c.group][{c.platform_id, c.devices}];
    s.platform_id = c.platform_id;
    s.devices = c.devices;
    s.measured.add(c.measured_s);
    s.predicted.add(c.predicted_s);
    if (!c.usd_per_hour || !(*c.usd_per_hour > 0)) continue;
    const double rate = c.devices * *c.usd_per_hour / 3600;
    s.measured_cost.add(c.measured_s * rate);
    s.predicted_cost.add(c.predicted_s * rate);
  }
  return groups;
}

std::size_t platforms_of(const std::vector<const System*>& systems) {
  std::set<std::string> ids;
  for (const System* s : systems) ids.insert(s->platform_id);
  return ids.size();
}

/// The best of the group, the one chosen, and what the choice costs more.
struct Choice {
  const System *best, *chosen;
  double regret;
};

Choice choose(const std::vector<const System*>& systems, LogMean System::*measured,
              LogMean System::*predicted) {
  const auto least = [&](LogMean System::*figure) {
    return *std::ranges::min_element(systems, {}, [&](const System* s) { return (s->*figure).value(); });
  };
  const System *best = least(measured), *chosen = least(predicted);
  return {best, chosen, std::exp((chosen->*measured).value() - (best->*measured).value()) - 1};
}

void count(PairScore& score, const System& a, const System& b) {
  const double measured = a.measured.value() - b.measured.value();
  const double predicted = a.predicted.value() - b.predicted.value();
  ++score.pairs;
  if (measured * predicted > 0) ++score.right;
}

void count_pairs(const std::vector<const System*>& systems, RankScore& score, RankedGroup& group) {
  PairScore here;
  for (std::size_t i = 0; i < systems.size(); ++i)
    for (std::size_t j = i + 1; j < systems.size(); ++j) {
      const System &a = *systems[i], &b = *systems[j];
      if (a.platform_id == b.platform_id) continue;
      if (std::abs(a.measured.value() - b.measured.value()) <= std::log(kClearRatio)) continue;
      count(here, a, b);
      if (a.devices == b.devices) count(score.pairs_same_size, a, b);
    }
  group.pairs = here.pairs;
  group.pairs_right = here.right;
  score.pairs.pairs += here.pairs;
  score.pairs.right += here.right;
}

struct Regrets {
  std::vector<double> time, cost;
};

void finish(PairScore& p) {
  if (p.pairs > 0) p.share = static_cast<double>(p.right) / static_cast<double>(p.pairs);
}

void finish(ChoiceScore& c, const std::vector<double>& regrets) {
  if (regrets.empty()) return;
  double sum = 0;
  for (const double r : regrets) sum += r;
  c.share = static_cast<double>(c.right) / static_cast<double>(c.groups);
  c.mean_regret = sum / static_cast<double>(regrets.size());
  c.p95_regret = quantile(regrets, 0.95);
}

void count_choice(ChoiceScore& score, const Choice& choice, std::vector<double>& regrets) {
  ++score.groups;
  // As good as the best is right, whatever its name.
  if (choice.regret <= 0) ++score.right;
  regrets.push_back(choice.regret);
}

void rank_group(const std::string& name, const Systems& all, Ordering& out, Regrets& regrets) {
  std::vector<const System*> systems, priced;
  for (const auto& [key, s] : all) {
    systems.push_back(&s);
    if (s.measured_cost.n > 0) priced.push_back(&s);
  }
  if (platforms_of(systems) < 2) {
    ++out.score.time.left_out;
    ++out.score.cost.left_out;
    return;
  }
  RankedGroup group;
  group.name = name;
  group.systems = static_cast<std::int64_t>(systems.size());
  count_pairs(systems, out.score, group);
  const Choice time = choose(systems, &System::measured, &System::predicted);
  group.fastest = time.best->name();
  group.chosen = time.chosen->name();
  group.regret = time.regret;
  count_choice(out.score.time, time, regrets.time);
  if (platforms_of(priced) < 2) {
    ++out.score.cost.left_out;
  } else {
    const Choice cost = choose(priced, &System::measured_cost, &System::predicted_cost);
    group.cheapest = cost.best->name();
    group.chosen_by_cost = cost.chosen->name();
    group.cost_regret = cost.regret;
    count_choice(out.score.cost, cost, regrets.cost);
  }
  out.groups.push_back(std::move(group));
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool has_digit(const std::string& word) {
  return std::ranges::any_of(word, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "1 of 20 cores of one socket" -> "one core"; empty when the scenario is not of this form.
std::string cores_of(const std::string& scenario) {
  const auto words = split(scenario, ' ');
  if (words.size() < 4 || words[1] != "of" || !starts_with(words[3], "cores")) return "";
  const auto used = parse_number(words[0], "cores"), all = parse_number(words[2], "cores");
  if (!used || !all || *all <= 0) return "";
  if (*used == 1) return "one core";
  return *used == *all ? "all cores" : show_percent(*used / *all) + " of the cores";
}

}  // namespace

std::string kind_of_scenario(const std::string& scenario) {
  const std::string text = lower(scenario);
  if (std::string cores = cores_of(text); !cores.empty()) return cores;
  if (starts_with(text, "array ")) return "array";
  if (starts_with(text, "format/implementation")) return "format/implementation";
  std::vector<std::string> kept;
  for (const std::string& part : split(text.substr(0, text.find(':')), ',')) {
    const std::string word(trim(part));
    if (word.empty() || starts_with(word, "global batch") || word.ends_with(" runs")) continue;
    kept.push_back(word);
  }
  return join(kept, ", ");
}

std::string class_of_software(const std::string& software) {
  std::vector<std::string> kept;
  for (const std::string& word : split(lower(software.substr(0, software.find('('))), ' '))
    if (!word.empty() && word != "apache" && !has_digit(word)) kept.push_back(word);
  return join(kept, " ");
}

std::string group_of_row(const PublishedRow& row) {
  std::vector<std::string> parts = {row.workload_id, row.metric + " in " + row.unit};
  if (!row.per.empty() && row.per != "system") parts.push_back("per " + row.per);
  if (const std::string kind = kind_of_scenario(row.scenario.value_or("")); !kind.empty())
    parts.push_back(kind);
  if (family_of_row(row) == "analytics")
    if (const std::string software = class_of_software(row.software.value_or("")); !software.empty())
      parts.push_back(software);
  return join(parts, ", ");
}

Ordering order_contenders(const std::vector<Contender>& contenders) {
  Ordering out;
  Regrets regrets;
  for (const auto& [name, systems] : grouped(contenders)) rank_group(name, systems, out, regrets);
  finish(out.score.pairs);
  finish(out.score.pairs_same_size);
  finish(out.score.time, regrets.time);
  finish(out.score.cost, regrets.cost);
  return out;
}

}  // namespace ridgepoint
