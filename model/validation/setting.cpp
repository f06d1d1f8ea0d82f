// SPDX-License-Identifier: Apache-2.0
// From the words of a published row to a setting of the law.
#include <algorithm>
#include <array>
#include <cmath>
#include <regex>
#include <string_view>

#include "model/core/text.h"
#include "model/validation/observe.h"

namespace ridgepoint {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string words(const std::optional<std::string>& text) { return lower(text.value_or("")); }

bool has(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

/// The first word of `list` that the text holds.
template <std::size_t N>
std::string first_of(const std::string& text, const std::array<std::string_view, N>& list) {
  for (const std::string_view word : list)
    if (has(text, word)) return std::string(word);
  return "";
}

constexpr std::array<std::string_view, 14> kEngines = {
    "duckdb", "clickhouse", "umbra",      "hyper",  "polars", "heavyai",   "gluten",
    "comet",  "blaze",      "datafusion", "sirius", "spark",  "starrocks", "doris"};

// What decoding Parquet takes more than an engine's own column format (6 against 2 cycles a byte, assumed),
// and what a framework that launches layer by layer takes more than a compiled network: three kernels a
// layer, each prepared by the interpreter (assumed).
constexpr double kParquet = 3, kLayerByLayer = 10;
constexpr std::array<std::string_view, 6> kReadParquet = {"gluten",     "comet", "blaze",
                                                          "datafusion", "spark", "polars"};

/// The number behind a pattern's first group.
std::optional<double> captured(const std::string& text, const std::regex& pattern) {
  std::smatch m;
  if (!std::regex_search(text, m, pattern)) return std::nullopt;
  return std::stod(m[1].str());
}

/// Units of work in a step over all devices.
std::optional<double> batch_of(const std::string& scenario, double devices) {
  static const std::regex global("global batch ([0-9]{1,9})"), each_k("batch ([0-9]{1,6})k per"),
      each("batch ([0-9]{1,9}) per"), plain("batch ([0-9]{1,9})");
  if (const auto b = captured(scenario, global)) return b;
  if (const auto b = captured(scenario, each_k)) return *b * 1024 * devices;
  if (const auto b = captured(scenario, each)) return *b * devices;
  return captured(scenario, plain);
}

/// "8 of 32 cores of one socket", or a number of cores that is a part of the socket's.
double core_share(const PublishedRow& row, const Resources& r, double devices) {
  static const std::regex some("([0-9]{1,5}) of ([0-9]{1,5}) cores");
  std::smatch m;
  const std::string scenario = words(row.scenario);
  if (std::regex_search(scenario, m, some))
    return std::min(1.0, std::stod(m[1].str()) / std::stod(m[2].str()));
  if (!row.cores || !is_host(r) || r.cores <= 1) return 1;
  const double socket = *row.cores <= r.cores ? *row.cores : *row.cores / devices;
  return std::clamp(socket / r.cores, 1 / r.cores, 1.0);
}

/// What a precision text allows. MLPerf submitters use whatever meets the accuracy: the declared weight
/// format is not the one that ran (published.md), so the fastest counts unless a 16-bit float is named.
std::vector<std::string> precisions_of(const PublishedRow& row) {
  const std::string family = split(row.workload_id, '/').front(), text = words(row.precision);
  if (family == "mlperf-inference")
    return has(text, "bf16") || has(text, "bfloat")
               ? std::vector<std::string>{"bf16", "fp32"}
               : std::vector<std::string>{"int8", "fp16", "bf16", "fp32"};
  if (starts_with(family, "mlperf-")) return {"fp16", "bf16", "tf32", "fp32"};
  if (has(text, "tf32") && has(text, "amp")) return {"tf32", "fp16", "bf16"};
  if (has(text, "amp") || has(text, "fp16") || has(text, "half")) return {"fp16", "bf16"};
  if (has(text, "tf32")) return {"tf32", "fp32"};
  if (has(text, "bf16") || has(text, "bfloat")) return {"bf16"};
  if (has(text, "fp64") || has(text, "double")) return {"fp64"};
  if (has(text, "fp8")) return {"fp8"};
  if (has(text, "int8")) return {"int8"};
  if (has(text, "fp32")) return {"fp32"};
  return {};
}

double age_of(const PublishedRow& row, const Resources& r) {
  const auto now = year_of_date(row.date);
  return now && r.launch_year ? std::clamp(*now - *r.launch_year, 0.0, 3.0) : 1.0;
}

}  // namespace

std::string software_class(const PublishedRow& row) {
  const std::string family = split(row.workload_id, '/').front(), s = words(row.software),
                    &id = row.workload_id;
  if (family == "analytics") return first_of(s, kEngines);
  if (has(id, "/spmv-")) return has(s, "naive") ? "naive" : "library";
  if (family == "dl" || family == "medical" || family == "recsys" || family == "mlperf-hpc") {
    if (has(s, "tensorflow") || has(s, "tf1")) return "tensorflow";
    if (has(s, "mxnet") && family == "dl") return "mxnet";
    if (has(s, "caffe")) return "caffe";
    return family == "mlperf-hpc" ? "tuned" : "pytorch";
  }
  if (family == "mlperf-inference") {
    if (has(s, "openvino")) return "openvino";
    return starts_with(s, "pytorch") ? "pytorch" : "tuned";
  }
  return family == "mlperf-training" ? "tuned" : "";
}

Setting setting_of(const PublishedRow& row, const Workload& workload, const Resources& r) {
  Setting s;
  const bool stated = row.devices.has_value() || (is_host(r) && row.devices_per_node.value_or(1) > 1);
  s.devices = row.devices ? *row.devices : row.devices_per_node.value_or(1);
  s.nodes = std::max(1.0, row.nodes.value_or(1));
  s.one_program = !stated && row.cores.value_or(0) <= r.cores / r.partitions;
  if (row.devices && *row.devices == 1 && !starts_with(row.workload_id, "mlperf")) s.one_program = true;
  s.core_share = core_share(row, r, s.devices) * (s.one_program ? r.partitions : 1);
  s.core_share = std::min(1.0, s.core_share);
  s.batch = batch_of(words(row.scenario), s.devices);
  s.precisions = precisions_of(row);
  s.software = workload.software ? *workload.software : software_class(row);
  s.age_years = age_of(row, r);
  if (std::ranges::find(kReadParquet, s.software) != kReadParquet.end()) s.decoding = kParquet;
  const bool network = workload.phase == Phase::training || workload.phase == Phase::inference;
  for (const std::string_view framework : {"pytorch", "tensorflow", "mxnet", "caffe"})
    if (network && s.software == framework && !is_host(r)) s.launching = kLayerByLayer;
  s.cold = has(words(row.metric), "cold");
  return s;
}

}  // namespace ridgepoint
