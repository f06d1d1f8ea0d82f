// SPDX-License-Identifier: Apache-2.0
#include "model/validation/score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "model/core/stats.h"
#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 19> kTimes = {{{"ns", 1e-9},
                                                                         {"us", 1e-6},
                                                                         {"µs", 1e-6},
                                                                         {"ms", 1e-3},
                                                                         {"msec", 1e-3},
                                                                         {"milliseconds", 1e-3},
                                                                         {"s", 1},
                                                                         {"sec", 1},
                                                                         {"second", 1},
                                                                         {"seconds", 1},
                                                                         {"min", 60},
                                                                         {"mins", 60},
                                                                         {"minute", 60},
                                                                         {"minutes", 60},
                                                                         {"h", 3600},
                                                                         {"hour", 3600},
                                                                         {"hours", 3600},
                                                                         {"d", 86400},
                                                                         {"days", 86400}}};

std::optional<double> time_unit(std::string_view word) {
  for (const auto& [name, seconds] : kTimes)
    if (name == word) return seconds;
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::optional<double> finite(double value) {
  return std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

bool outside_catalogue(const std::string& reason) {
  return starts_with(reason, "unknown platform") || starts_with(reason, "unknown workload") ||
         starts_with(reason, "unreadable row");
}

void refuse(ValidationRow& out, const std::string& why) {
  out.refused = why;
  out.predicted_s.reset();
}

std::vector<RefusalCount> refusals_of(const std::vector<ValidationRow>& rows) {
  std::map<std::string, std::int64_t> counts;
  for (const ValidationRow& r : rows)
    if (r.refused) ++counts[kind_of_reason(*r.refused)];
  std::vector<RefusalCount> out;
  out.reserve(counts.size());
  for (const auto& [reason, n] : counts)
    out.push_back({reason, n, static_cast<double>(n) / static_cast<double>(rows.size())});
  std::ranges::stable_sort(out, std::greater{}, &RefusalCount::rows);
  return out;
}

template <class Name>
std::vector<ErrorScore> parts(const std::vector<ValidationRow>& rows, const Name& name) {
  std::set<std::string> seen;
  for (const ValidationRow& r : rows)
    if (const std::string n = name(r); !n.empty()) seen.insert(n);
  std::vector<ErrorScore> out;
  out.reserve(seen.size());
  for (const std::string& n : seen)
    out.push_back(score_rows(n, rows, [&](const ValidationRow& r) { return name(r) == n; }));
  return out;
}

}  // namespace

std::optional<double> seconds_of(double value, const std::string& unit) {
  const std::string word = lower(trim(unit));
  if (const auto scale = time_unit(word)) return finite(value * *scale);
  const auto slash = word.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string above(trim(std::string_view(word).substr(0, slash)));
  const std::string below(trim(std::string_view(word).substr(slash + 1)));
  if (const auto scale = time_unit(above); scale && !time_unit(below)) return finite(value * *scale);
  if (const auto scale = time_unit(below)) return finite(*scale / value);
  return std::nullopt;
}

ValidationRow score_row(const PublishedRow& row, const Result<Predicted>& predicted) {
  ValidationRow out;
  out.id = row.id;
  out.workload_id = row.workload_id;
  out.platform_id = row.platform_id;
  out.metric = row.metric;
  if (!row.unit.empty()) out.unit = row.unit;
  out.measured = finite(row.value);
  out.measured_s = seconds_of(row.value, row.unit);
  if (!predicted) {
    refuse(out, predicted.error().what);
    return out;
  }
  out.predicted_s = seconds_of(predicted->value, row.unit);
  const bool sound = finite(predicted->value) && finite(predicted->lo) && finite(predicted->hi) &&
                     predicted->lo <= predicted->value && predicted->value <= predicted->hi;
  if (!sound)
    refuse(out, "the model gave no usable number");
  else if (!out.measured_s || !out.predicted_s)
    refuse(out, "unknown unit '" + row.unit + "'");
  if (out.refused) return out;
  out.predicted = predicted->value;
  out.lo = predicted->lo;
  out.hi = predicted->hi;
  out.tier = predicted->tier;
  out.kernel_class = predicted->kernel_class;
  out.ratio = *out.predicted_s / *out.measured_s;
  out.error = std::exp(std::abs(std::log(*out.ratio))) - 1;
  return out;
}

ErrorScore score_rows(const std::string& name, const std::vector<ValidationRow>& rows,
                      const std::function<bool(const ValidationRow&)>& keep) {
  ErrorScore s;
  s.name = name;
  std::vector<double> errors, logs, widths;
  double inside = 0;
  for (const ValidationRow& r : rows) {
    if (!keep(r)) continue;
    ++s.rows;
    if (r.refused) ++s.refused;
    if (!r.error) continue;
    ++s.predicted;
    errors.push_back(*r.error);
    logs.push_back(std::log(*r.ratio));
    if (*r.hi <= *r.lo) continue;  // a baseline states no interval
    widths.push_back(*r.hi / *r.lo);
    inside += *r.lo <= *r.measured && *r.measured <= *r.hi ? 1 : 0;
  }
  if (errors.empty()) return s;
  s.median_error = quantile(errors, 0.5);
  s.p90_error = quantile(errors, 0.9);
  s.max_error = quantile(errors, 1);
  s.bias_ln = quantile(logs, 0.5);
  if (widths.empty()) return s;
  s.coverage = inside / static_cast<double>(widths.size());
  s.width = quantile(widths, 0.5);
  return s;
}

std::string kind_of_reason(const std::string& reason) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < reason.size(); ++i) {
    // An apostrophe inside a word opens nothing.
    const bool opens = reason[i] == '\'' && (i == 0 || reason[i - 1] == ' ' || reason[i - 1] == '(');
    if (!quoted && opens && reason.find('\'', i + 1) != std::string::npos)
      quoted = true;
    else if (quoted && reason[i] == '\'')
      quoted = false;
    else if (!quoted && !(reason[i] == ' ' && (out.empty() || out.back() == ' ')))
      out += reason[i];
  }
  return std::string(trim(out));
}

ValidationSummary summarise_rows(const std::vector<ValidationRow>& rows) {
  ValidationSummary s;
  s.overall = score_rows("overall", rows, [](const ValidationRow&) { return true; });
  s.families =
      parts(rows, [](const ValidationRow& r) { return r.workload_id.substr(0, r.workload_id.find('/')); });
  s.classes = parts(rows, [](const ValidationRow& r) { return r.kernel_class.value_or(""); });
  s.tiers = parts(rows, [](const ValidationRow& r) { return r.tier ? std::string(name_of(*r.tier)) : ""; });
  s.refusals = refusals_of(rows);
  double known = 0, refused = 0;
  for (const ValidationRow& r : rows) {
    if (r.refused && outside_catalogue(*r.refused)) continue;
    ++known;
    refused += r.refused ? 1 : 0;
  }
  if (known > 0) s.refused_known = refused / known;
  return s;
}

}  // namespace ridgepoint
