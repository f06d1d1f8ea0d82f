// SPDX-License-Identifier: Apache-2.0
// RFC 4180. A spreadsheet runs a cell that begins like a formula, quoted or not, so text that does gets an
// apostrophe in front; numbers are left as they are.
#include "reports/renderer.h"
#include "reports/rows.h"
#include "reports/visible.h"

namespace ridgepoint::report {
namespace {

bool starts_a_formula(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return false;
  const std::string_view rest = text.substr(first);
  for (const std::string_view sign : {"=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"})
    if (rest.starts_with(sign)) return true;
  return false;
}

std::string cell(std::string_view text) {
  std::string safe = visible(text);
  if (starts_a_formula(safe)) safe.insert(0, "'");
  if (safe.find_first_of(",\"") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string number_cell(const std::optional<double>& value) { return value ? number_text(*value) : ""; }

std::string line_of(const TidyRow& r) {
  std::string line;
  for (const std::string& text :
       {r.time, r.scenario, r.site.value_or(""), r.platform, r.workload, r.metric, r.unit})
    line += cell(text) + ",";
  return line + number_text(r.value) + "," + number_cell(r.lo) + "," + number_cell(r.hi) + "," +
         std::string(name_of(r.basis)) + "\r\n";
}

Result<std::string> csv(const Document& document) {
  return rows_of(document).map([](const std::vector<TidyRow>& rows) {
    std::string out = "time,scenario,site,platform,workload,metric,unit,value,lo,hi,basis\r\n";
    for (const TidyRow& r : rows) out += line_of(r);
    return out;
  });
}

}  // namespace
}  // namespace ridgepoint::report

namespace ridgepoint {

extern const Renderer csv_renderer;
const Renderer csv_renderer{.id = "csv",
                            .suffix = ".csv",
                            .summary = "One figure a line, for a spreadsheet; no cell is a formula",
                            .render = report::csv,
                            .figures_only = true};

}  // namespace ridgepoint
