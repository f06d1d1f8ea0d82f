// SPDX-License-Identifier: Apache-2.0
#include "model/validation/shapes.h"

#include <cmath>
#include <regex>
#include <vector>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr double kGiga = 1e9;

Fact amount(double value, const std::string& unit) {
  Fact f;
  f.value = value;
  f.unit = unit;
  f.basis = Basis::derived;
  f.source = "the shape in the workload's id";
  return f;
}

Workload one_stage(const std::string& id, Stage stage) {
  Workload w;
  w.id = w.name = id;
  w.family = split(id, '/').front();
  w.phase = Phase::solver;
  w.unit_of_work = "kernel";
  w.footprint = amount(stage.read.number() + stage.written.number(), "byte");
  w.stages = {std::move(stage)};
  return w;
}

Stage stage(const std::string& kernel_class, double flop, double read, double written) {
  Stage s;
  s.id = s.kernel_class = kernel_class;
  if (flop > 0) {
    s.work = amount(flop, "flop");
    s.precisions = {"fp32"};
  }
  s.read = amount(read, "byte");
  s.written = amount(written, "byte");
  s.launches = amount(1, "1");
  return s;
}

/// The whole numbers of a text, in order.
std::vector<double> numbers(const std::string& text) {
  std::vector<double> out;
  static const std::regex digits("[0-9]{1,9}");
  for (std::sregex_iterator it(text.begin(), text.end(), digits), end; it != end; ++it)
    out.push_back(std::stod(it->str()));
  return out;
}

std::optional<Workload> gemm(const std::string& id, const std::string& shape) {
  static const std::regex form("[0-9]{1,9}x[0-9]{1,9}x[0-9]{1,9}");
  if (!std::regex_match(shape, form)) return std::nullopt;
  const auto n = numbers(shape);
  return one_stage(id,
                   stage("gemm", 2 * n[0] * n[1] * n[2], 4 * (n[0] * n[2] + n[2] * n[1]), 4 * n[0] * n[1]));
}

std::optional<Workload> convolution(const std::string& id, const std::string& shape) {
  static const std::regex form(
      "n[0-9]{1,9}c[0-9]{1,9}h[0-9]{1,9}w[0-9]{1,9}-k[0-9]{1,9}-f[0-9]{1,9}x[0-9]{1,9}-s[0-9]{1,9}");
  if (!std::regex_match(shape, form)) return std::nullopt;
  const auto v = numbers(shape);
  const double batch = v[0], in = v[1], h = v[2], w = v[3], out = v[4], r = v[5], s = v[6], stride = v[7];
  if (stride < 1) return std::nullopt;
  const double pixels = std::ceil(h / stride) * std::ceil(w / stride);
  return one_stage(id, stage("convolution", 2 * batch * out * in * r * s * pixels,
                             4 * (batch * in * h * w + out * in * r * s), 4 * batch * out * pixels));
}

/// Share of the counted bytes that a pattern writes.
std::optional<double> written_share(const std::string& pattern) {
  if (pattern == "load" || pattern == "read" || pattern == "dot") return 0;
  if (pattern == "store" || pattern == "write") return 1;
  if (pattern == "copy" || pattern == "scale" || pattern == "mul" || pattern == "update") return 0.5;
  if (pattern == "triad" || pattern == "add" || pattern == "stream" || pattern == "ddot") return 1.0 / 3;
  return std::nullopt;
}

std::optional<Workload> bandwidth(const std::string& id, const std::vector<std::string>& words) {
  if (words.size() < 2) return std::nullopt;
  const bool gpu_benches = words[1] == "2l1s";
  const auto share = written_share(gpu_benches ? words[0] : words[1]);
  if (!share) return std::nullopt;
  const std::string level = words.size() > 2 ? words[2] : "";
  std::string kernel_class = *share == 0 ? "stream-load" : "stream-nontemporal";
  if (words[0] == "likwid" && *share > 0) kernel_class = "stream-allocate";
  if (level == "l1" || level == "l2" || level == "l3") kernel_class = "cache-" + level;
  Stage s = stage(kernel_class, 0, kGiga * (1 - *share), kGiga * *share);
  s.launches.reset();
  if (kernel_class == "cache-l1") s.precisions = {"fp64"};
  Workload w = one_stage(id, std::move(s));
  w.unit_of_work = "gigabyte counted by the benchmark";
  w.footprint = amount(1, "byte");
  return w;
}

}  // namespace

std::optional<Workload> workload_of_shape(const std::string& id) {
  const auto parts = split(id, '/');
  if (parts.size() != 2) return std::nullopt;
  const std::string& name = parts[1];
  if (parts[0] == "deepbench" && starts_with(name, "gemm-")) return gemm(id, name.substr(5));
  if (parts[0] == "deepbench" && starts_with(name, "conv-")) return convolution(id, name.substr(5));
  if (id == "compute/fma-peak") return one_stage(id, stage("fma", kGiga, 0, 0));
  if (id == "compute/gemm-best") return one_stage(id, stage("gemm", 1e3 * kGiga, 0, 0));
  if (parts[0] == "bandwidth") return bandwidth(id, split(name, '-'));
  return std::nullopt;
}

}  // namespace ridgepoint
