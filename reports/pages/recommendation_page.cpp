// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/core/recommendation.h"
#include "reports/pages/answer.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Tone tone_of_verdict(const std::string& verdict) {
  if (verdict == "clear") return Tone::good;
  return verdict == "no answer" ? Tone::bad : Tone::caution;
}

/// A platform and the workloads for which it is the choice.
struct Winner {
  std::string platform;
  std::vector<std::string> workloads;
};

/// In the order in which they first win.
std::vector<Winner> winners(const Recommendation& r) {
  std::vector<Winner> wins;
  for (const Answer& a : r.answers) {
    const Estimate* choice = find_estimate(a, a.choice);
    if (choice == nullptr) continue;
    const auto it = std::ranges::find(wins, name_of(*choice), &Winner::platform);
    if (it == wins.end())
      wins.push_back({name_of(*choice), {name_of(a)}});
    else
      it->workloads.push_back(name_of(a));
  }
  return wins;
}

/// Two workloads are named; more are counted, because the table below names them.
Text winners_words(const Recommendation& r) {
  std::vector<Winner> wins = winners(r);
  const bool named = r.answers.size() <= 2;
  if (!named)
    std::ranges::stable_sort(wins, std::greater(), [](const Winner& w) { return w.workloads.size(); });
  Text words;
  for (const Winner& w : wins) {
    if (!words.empty()) words += "; ";
    words += strong(w.platform) + " for ";
    words += named ? Text(listed(w.workloads)) : derived(static_cast<double>(w.workloads.size()), "1");
  }
  return named || wins.empty() ? words : words + " of " + counted(r.answers.size(), "workload", "workloads");
}

/// One question deserves the whole answer in one sentence.
Text single_lead(const Answer& a, const Estimate& choice, const Recommendation& r) {
  const ObjectiveWords words = words_of(r.objective);
  const CostScale scale = cost_scale(a);
  Text lead = strong(name_of(choice)) + " has the " + std::string(words.superlative) + " for " +
              strong(name_of(a)) + " as of " + r.as_of;
  if (const auto& best = objective_of(choice, r.objective))
    lead += ": " + amount(best->value, words.unit, scale) + (words.unit == "usd" ? scale.per : "") +
            ", between " + amount(best->lo, words.unit, scale) + " and " +
            amount(best->hi, words.unit, scale);
  return lead + ".";
}

Text lead_of(const Recommendation& r) {
  if (r.answers.empty()) return "No workload was asked about, so there is nothing to recommend.";
  const Answer& first = r.answers.front();
  const Estimate* choice = find_estimate(first, first.choice);
  if (r.answers.size() == 1 && choice != nullptr) return single_lead(first, *choice, r);
  Text lead;
  if (const Text won = winners_words(r); !won.empty())
    lead =
        "For the " + std::string(words_of(r.objective).superlative) + " as of " + r.as_of + ": " + won + ".";
  const auto close = std::ranges::count(r.answers, "close call", &Answer::verdict);
  if (close > 0)
    lead += " " + counted(static_cast<std::size_t>(close), "answer is a", "answers are") +
            (close == 1 ? " close call." : " close calls.");
  const auto unanswered =
      std::ranges::count_if(r.answers, [](const Answer& a) { return find_estimate(a, a.choice) == nullptr; });
  if (unanswered > 0)
    lead += (lead.empty() ? "" : " ") +
            counted(static_cast<std::size_t>(unanswered), "workload has", "workloads have") +
            " no answer: no platform could be ranked.";
  return lead;
}

Text badge_of(const Answer& a) {
  Text badge = toned(capitalised(a.verdict.empty() ? "no verdict" : a.verdict), tone_of_verdict(a.verdict));
  if (a.probability_best) badge += ", " + percent(*a.probability_best) + " likely the best";
  return badge;
}

/// "56.2 % expected, above 224 % in one case of 20": more than the best would take.
Text regret_words(const Answer& a) {
  if (!a.expected_regret) return quiet("not known");
  Text words = percent(*a.expected_regret) + " expected";
  if (a.p95_regret) words += ", above " + percent(*a.p95_regret) + " in one case of 20";
  return words;
}

Card card_of(const Answer& a, Objective objective) {
  const ObjectiveWords words = words_of(objective);
  const CostScale scale = cost_scale(a);
  const Estimate* choice = find_estimate(a, a.choice);
  const Estimate* second = find_estimate(a, a.runner_up);
  Card card;
  card.title = name_of(a);
  card.subtitle = a.unit_of_work.empty() ? "" : "Unit of work: " + a.unit_of_work;
  card.headline = choice != nullptr ? strong(name_of(*choice)) : toned("No answer", Tone::bad);
  card.badge = badge_of(a);
  const auto* best =
      choice != nullptr && objective_of(*choice, objective) ? &*objective_of(*choice, objective) : nullptr;
  Text value = quiet("none"), spread = quiet("none");
  if (best != nullptr) {
    value = amount(best->value, words.unit, scale) + (words.unit == "usd" ? scale.per : "");
    spread = amount_range(*best, words.unit, scale);
  }
  Text margin = quiet("none");
  if (a.margin_ratio) {
    margin = quantity(*a.margin_ratio, "1");
    margin.spans.front().text += " x";
  }
  card.facts = {{capitalised(std::string(words.noun)), value},
                {"80 % range", spread},
                {"Runner-up", second != nullptr ? Text(name_of(*second)) : quiet("none")},
                {"Margin", margin},
                {"Regret if wrong", regret_words(a)}};
  card.notes_title = "What would change it";
  for (const std::string& flip : a.flips) card.notes.emplace_back(sentence(flip));
  return card;
}

Section answer_section(const Recommendation& r) {
  Cards cards{"The best platform for each workload", "Workload", "Best platform", "Verdict", {}};
  for (const Answer& a : r.answers) cards.cards.push_back(card_of(a, r.objective));
  if (cards.cards.empty()) return {"The answer", {Paragraph{"There is no question to answer."}}};
  const Text key = quiet("Ranges run from the 10 % to the 90 % quantile. Margin is the " +
                         std::string(words_of(r.objective).noun) +
                         " of the runner-up over that of the best: 1 x is a tie. Regret is what the choice "
                         "takes more than whatever turns out best.");
  return {"The answer", {cards, Paragraph{key}}};
}

/// The same platform may be the choice for many workloads; its price is asked for once.
void add_step(List& steps, const Text& step) {
  const auto same = [&](const Text& known) { return words_of(known) == words_of(step); };
  if (std::ranges::none_of(steps.items, same)) steps.items.push_back(step);
}

/// What to do about one answer: the decision, or what must come before it.
Text decision(const Answer& a) {
  const Estimate* choice = find_estimate(a, a.choice);
  const Estimate* second = find_estimate(a, a.runner_up);
  const Text subject = "For " + strong(name_of(a)) + ": ";
  if (choice == nullptr)
    return subject +
           "fill the gaps listed under \"Platforms not ranked\"; without them none can be recommended.";
  if (second == nullptr)
    return subject + "take " + name_of(*choice) + " as unopposed, not as best; nothing else could be ranked.";
  if (a.verdict == "close call")
    return subject + "measure " + name_of(*choice) + " and " + name_of(*second) +
           " before you decide; their estimates overlap.";
  return subject + "choose " + name_of(*choice) + ".";
}

void add_stale_price(List& steps, const Answer& a) {
  const Estimate* choice = find_estimate(a, a.choice);
  if (choice == nullptr || !choice->price || !choice->price->stale) return;
  add_step(steps, "Ask for a current price of " + strong(name_of(*choice)) +
                      "; the one used was last seen in " + or_else(choice->price->to, "an unknown month") +
                      " (" + choice->price->offer + ").");
}

/// The one measurement that is worth most.
void add_measurement(List& steps, const Answer& a) {
  if (a.next_measurement.empty()) return;
  const NextMeasurement& m = a.next_measurement.front();
  const Estimate* e = find_estimate(a, m.platform_id);
  add_step(steps, "Measure first: " + strong(m.kernel) + " on " +
                      (e != nullptr ? name_of(*e) : m.platform_id) + "; the expected regret for " +
                      name_of(a) + " falls from " + percent(m.regret_before) + " to " +
                      percent(m.regret_after) + ".");
}

Section next_section(const Recommendation& r) {
  List steps{ListKind::steps, {}};
  for (const Answer& a : r.answers) add_step(steps, decision(a));
  for (const Answer& a : r.answers) add_measurement(steps, a);
  for (const Answer& a : r.answers) add_stale_price(steps, a);
  if (!r.machine)
    steps.items.push_back(
        "Measure a machine you have (ridgepoint probe, then ridgepoint run): no estimate here rests on one.");
  if (!r.warnings.empty())
    steps.items.push_back("Read the " + counted(r.warnings.size(), "warning", "warnings") + " below.");
  if (steps.items.empty()) steps.items.push_back("Ask about at least one workload.");
  return {"What to do next", {steps}};
}

}  // namespace

Result<Page> recommendation_page(const Document& document) {
  return decode<Recommendation>(document.body, document.schema).map([](const Recommendation& r) {
    Page page;
    page.kind = "Recommendation";
    page.title = "Platform recommendation";
    page.lead = lead_of(r);
    page.sections.push_back(answer_section(r));
    if (Section here = here_section(r); !here.blocks.empty()) page.sections.push_back(std::move(here));
    page.sections.push_back(next_section(r));
    const std::size_t summaries = page.sections.size();
    for (const Answer& a : r.answers) {
      if (Section odds = odds_section(a, r.as_of); !odds.blocks.empty())
        page.sections.push_back(std::move(odds));
      page.sections.push_back(why_section(a, r.objective));
    }
    if (r.machine) page.sections.push_back(machine_section(*r.machine, r.kernels));
    if (Section unranked = unranked_section(r.answers); !unranked.blocks.empty())
      page.sections.push_back(std::move(unranked));
    if (!r.method.empty()) page.sections.push_back({"Method and assumptions", {bullets(r.method)}});
    for (std::size_t i = summaries; i < page.sections.size(); ++i) page.sections[i].depth = Depth::detail;
    add_warnings(page.sections, r.warnings);
    add_provenance(page, r.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
