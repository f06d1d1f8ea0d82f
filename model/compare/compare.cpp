// SPDX-License-Identifier: Apache-2.0
#include "model/compare/compare.h"

#include <algorithm>
#include <cmath>

#include "model/compare/rank_test.h"
#include "model/compare/side.h"
#include "model/core/format.h"
#include "model/core/stats.h"

namespace ridgepoint {
namespace {

constexpr double kConfidence = 0.95;

ComparedSeries compare_series(const std::string& subject, const MeasuredSeries& a, const MeasuredSeries& b) {
  ComparedSeries s;
  s.subject = subject;
  s.metric = a.metric;
  s.unit = a.unit;
  s.lower_is_better = !a.unit.ends_with("/s");
  s.n_a = static_cast<std::int64_t>(a.values.size());
  s.n_b = static_cast<std::int64_t>(b.values.size());
  s.verdict = ChangeVerdict::not_comparable;
  if (a.unit != b.unit) {
    s.note = "A is in " + a.unit + ", B in " + b.unit;
    return s;
  }
  if (a.wrong || b.wrong) {
    s.note = std::string("the answer of ") + (a.wrong ? "A" : "B") + " was wrong, so its time does not count";
    return s;
  }
  if (!a.values.empty()) s.median_a = quantile(a.values, 0.5);
  if (!b.values.empty()) s.median_b = quantile(b.values, 0.5);
  if (a.roof && b.roof && a.roof_name == b.roof_name && *a.roof > 0) s.roof_ratio = *b.roof / *a.roof;
  if (std::min(a.values.size(), b.values.size()) < kLeastRepetitions) {
    s.verdict = ChangeVerdict::too_few;
    s.note = "at least " + std::to_string(kLeastRepetitions) + " repetitions a side are needed for a claim";
    return s;
  }
  s.ratio = hodges_lehmann_ratio(a.values, b.values, kConfidence);
  if (!s.ratio) {
    s.note = "a value is not positive, so there is no ratio";
    return s;
  }
  const RankTest test = mann_whitney(a.values, b.values);
  s.p = test.p;
  s.exact = test.exact;
  s.delta = cliffs_delta(test, a.values.size(), b.values.size());
  s.verdict = ChangeVerdict::not_seen;
  return s;
}

/// Holm's step-down: the k-th smallest of m is multiplied by m - k, and none may fall below an earlier one.
void adjust(std::vector<ComparedSeries>& series) {
  std::vector<ComparedSeries*> tested;
  for (ComparedSeries& s : series)
    if (s.p) tested.push_back(&s);
  std::ranges::stable_sort(tested, {}, [](const ComparedSeries* s) { return *s->p; });
  double before = 0;
  for (std::size_t k = 0; k < tested.size(); ++k) {
    const double raised = std::min(1.0, *tested[k]->p * static_cast<double>(tested.size() - k));
    before = std::max(before, raised);
    tested[k]->p_adjusted = before;
  }
}

ChangeVerdict verdict_of(const ComparedSeries& s, const CompareOptions& options) {
  if (*s.p_adjusted >= options.alpha) return ChangeVerdict::not_seen;
  const double ratio = s.ratio->value;
  if (std::max(ratio, 1 / ratio) < 1 + options.threshold) return ChangeVerdict::negligible;
  return (ratio < 1) == s.lower_is_better ? ChangeVerdict::better : ChangeVerdict::worse;
}

std::vector<EnvironmentDifference> differences(const MeasuredSide& a, const MeasuredSide& b) {
  std::vector<EnvironmentDifference> out;
  std::map<std::string, std::pair<std::string, std::string>> all;
  for (const auto& [what, text] : a.environment) all[what].first = text;
  for (const auto& [what, text] : b.environment) all[what].second = text;
  for (const auto& [what, texts] : all)
    if (texts.first != texts.second) out.push_back({what, texts.first, texts.second});
  return out;
}

void add_warnings(Comparison& c, const CompareOptions& options) {
  if (!c.environment.empty())
    c.warnings.push_back({"environment-differs",
                          std::to_string(c.environment.size()) +
                              " things about the surroundings differ: what is seen may come from any of them",
                          "repeat both sides with all but one of them the same"});
  for (const ComparedSeries& s : c.series)
    if (s.roof_ratio && std::max(*s.roof_ratio, 1 / *s.roof_ratio) >= 1 + options.threshold)
      c.warnings.push_back({"roof-moved",
                            s.subject + ": the roof measured beside it moved by a factor of " +
                                show_number(*s.roof_ratio) + ", so the machine changed too",
                            "compare the shares of the roof, or repeat both sides in turns"});
  if (c.series.empty())
    c.warnings.push_back({"nothing-in-common", "no series stands in both documents",
                          "run the same kernels with the same shapes on both sides"});
}

std::vector<std::string> method_of(const CompareOptions& options) {
  return {"Mann-Whitney's rank test, two-sided: exact up to " + std::to_string(kExactRanks) +
              " values of both sides together, else the normal law with correction for ties.",
          "Holm's correction over all series: the chance of one false claim or more is at most " +
              show_percent(options.alpha) + ".",
          "The ratio B / A is the median of all pairwise ratios (Hodges and Lehmann) with its 95 % interval; "
          "Cliff's delta is the share of pairs in which B lies above A less the share below.",
          "A claim needs " + std::to_string(kLeastRepetitions) + " repetitions a side and a ratio of " +
              show_number(1 + options.threshold) + " or more.",
          "Repetitions of one session share its conditions: two sessions of the same program can differ by "
          "more than "
          "their repetitions show. Before acting on a difference, repeat both sides in turns."};
}

}  // namespace

Result<Comparison> compare(const std::string& name_a, const Document& a, const std::string& name_b,
                           const Document& b, const CompareOptions& options) {
  if (a.schema != b.schema)
    return fail(
        ErrorKind::bad_input,
        "'" + name_a + "' is a " + a.schema + " document and '" + name_b + "' a " + b.schema + " document",
        "only two of one kind can be compared", "give two of one kind");
  const auto side_a = measured_side(a), side_b = measured_side(b);
  if (!side_a) return in_context("'" + name_a + "'", side_a.error());
  if (!side_b) return in_context("'" + name_b + "'", side_b.error());
  Comparison c;
  c.kind = a.schema;
  c.a = {name_a, side_a->provenance.created, side_a->machine};
  c.b = {name_b, side_b->provenance.created, side_b->machine};
  c.threshold = options.threshold;
  c.alpha = options.alpha;
  for (const auto& [subject, series] : side_a->series) {
    const auto it = side_b->series.find(subject);
    if (it == side_b->series.end())
      c.only_a.push_back(subject);
    else
      c.series.push_back(compare_series(subject, series, it->second));
  }
  for (const auto& [subject, series] : side_b->series)
    if (!side_a->series.contains(subject)) c.only_b.push_back(subject);
  adjust(c.series);
  for (ComparedSeries& s : c.series)
    if (s.p_adjusted) s.verdict = verdict_of(s, options);
  c.environment = differences(*side_a, *side_b);
  add_warnings(c, options);
  c.method = method_of(options);
  return c;
}

}  // namespace ridgepoint
