// SPDX-License-Identifier: Apache-2.0
#include "reports/prometheus_text.h"

#include <array>

#include "model/core/text.h"
#include "reports/visible.h"

namespace ridgepoint::report {
namespace {

/// Lower case, a-z, 0-9 and single underscores.
std::string snake(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain)
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string unit_suffix(std::string_view unit) {
  static constexpr auto kWords = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"1", ""},
      {"s", "seconds"},
      {"byte", "bytes"},
      {"byte/s", "bytes_per_second"},
      {"flop", "flops"},
      {"flop/s", "flops_per_second"},
      {"flop/byte", "flops_per_byte"},
      {"op/s", "operations_per_second"},
      {"count/s", "per_second"},
      {"1/s", "per_second"},
      {"hz", "hertz"},
      {"w", "watts"},
      {"j", "joules"},
      {"g", "grams"},
      {"usd/h", "usd_per_hour"},
      {"kwh", "kilowatt_hour"},
      {"%", "percent"},
  });
  for (const auto& [from, to] : kWords)
    if (from == unit) return std::string(to);
  return snake(unit);
}

/// A word that at the end of a name means another type of metric.
std::string without_reserved_end(std::string name) {
  for (const std::string_view end : {"_total", "_count", "_sum", "_bucket", "_info"})
    if (name.ends_with(end)) return name + "_value";
  return name;
}

std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string prometheus_name(std::string_view metric, std::string_view unit) {
  const std::string end = unit_suffix(unit);
  const std::string name = "ridgepoint_" + snake(metric);
  if (end.empty()) return without_reserved_end(name);
  return name.ends_with("_" + end) ? name : name + "_" + end;
}

std::string prometheus_labels(const PrometheusLabels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (value.empty()) continue;
    out += (out.empty() ? "{" : ",") + name + "=\"" + escaped(visible(value), true) + "\"";
  }
  return out.empty() ? out : out + "}";
}

std::string prometheus_head(const std::string& name, std::string_view help, std::string_view type) {
  return "# HELP " + name + " " + escaped(visible(help), false) + "\n# TYPE " + name + " " +
         std::string(type) + "\n";
}

}  // namespace ridgepoint::report
