// SPDX-License-Identifier: Apache-2.0
// Prometheus text for node_exporter's textfile collector: gauges in base units, no timestamps (one would make
// the collector refuse the file), the unit at the end of the name, an info gauge for what describes the
// document.
#include <array>
#include <map>
#include <set>

#include "reports/prometheus_text.h"
#include "reports/renderer.h"
#include "reports/rows.h"

namespace ridgepoint::report {
namespace {

/// Families by name, so that each has its HELP and TYPE once and its samples together.
class Families {
 public:
  void add(const std::string& name, const std::string& help, const PrometheusLabels& labels, double value) {
    const std::string series = name + prometheus_labels(labels);
    if (!seen_.insert(series).second) return;  // a series is there once, or the whole file is refused
    auto& family = families_[name];
    if (family.empty()) family = prometheus_head(name, help, "gauge");
    family += series + " " + number_text(value) + "\n";
  }
  std::string text() const {
    std::string out;
    for (const auto& [name, family] : families_) out += family;
    return out;
  }

 private:
  std::map<std::string, std::string> families_;
  std::set<std::string> seen_;
};

/// Without timestamps the months of a plan must be a label; one time for all is none.
bool several_times(const std::vector<TidyRow>& rows) {
  for (const TidyRow& r : rows)
    if (r.time != rows.front().time) return true;
  return false;
}

void add_row(Families& families, const std::string& kind, const TidyRow& r, bool with_time) {
  PrometheusLabels labels = {
      {"kind", kind},           {"scenario", r.scenario}, {"site", r.site.value_or("")},
      {"platform", r.platform}, {"workload", r.workload}, {"basis", std::string(name_of(r.basis))}};
  if (with_time) labels.emplace_back("time", r.time);
  const auto add = [&](const std::string& part, const std::string& words, double value) {
    families.add(prometheus_name(r.metric + part, r.unit), r.metric + words + ", in " + r.unit, labels,
                 value);
  };
  add("", "", r.value);
  if (r.lo) add(".low", ", 10 % quantile", *r.lo);
  if (r.hi) add(".high", ", 90 % quantile", *r.hi);
}

Result<std::string> prometheus(const Document& document) {
  const auto rows = rows_of(document);
  if (!rows) return tl::make_unexpected(rows.error());
  Families families;
  PrometheusLabels info = {{"kind", document.schema}};
  if (const auto it = document.body.find("provenance"); it != document.body.end() && it->is_object())
    for (const char* key : {"version", "commit", "created", "command"})
      if (const auto field = it->find(key); field != it->end() && field->is_string())
        info.emplace_back(key, field->get<std::string>());
  families.add("ridgepoint_document_info", "What the figures of this file come from", info, 1);
  const bool with_time = several_times(*rows);
  for (const TidyRow& r : *rows) add_row(families, document.schema, r, with_time);
  return families.text();
}

}  // namespace
}  // namespace ridgepoint::report

namespace ridgepoint {

extern const Renderer prometheus_renderer;
const Renderer prometheus_renderer{.id = "prometheus",
                                   .suffix = ".prom",
                                   .summary = "Prometheus text for the textfile collector",
                                   .render = report::prometheus,
                                   .figures_only = true};

}  // namespace ridgepoint
