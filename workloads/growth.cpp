// SPDX-License-Identifier: Apache-2.0
#include "workloads/growth.h"

#include <cmath>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr int kDecades = 4, kEachDecade = 2;
constexpr std::int64_t kGroup = 1024;  // some kernels take whole groups of rows alone

/// The value at this share of `top`; of whole groups, like `top`, where that moves it by an eighth at most.
std::int64_t value_at(std::int64_t top, double share) {
  const auto value = static_cast<std::int64_t>(std::llround(static_cast<double>(top) * share));
  return top % kGroup == 0 && value >= 4 * kGroup ? (value + kGroup / 2) / kGroup * kGroup : value;
}

}  // namespace

Result<std::vector<Shape>> growth_shapes(const Shape& top, const std::string& key) {
  const std::string text = top.text();
  if (!top.has(key))
    return fail(ErrorKind::bad_input, "the shape has no key '" + printable(key) + "' to grow",
                "its keys are: " + text, "--growth with one of them");
  std::vector<Shape> shapes;
  std::int64_t before = 0;
  for (int i = 0; i <= kDecades * kEachDecade; ++i) {
    const double share = std::pow(10.0, static_cast<double>(i) / kEachDecade - kDecades);
    const std::int64_t value = value_at(top[key], share);
    if (value <= before) continue;
    before = value;
    auto shape = Shape::parse(key + "=" + std::to_string(value), text);
    if (!shape) return tl::make_unexpected(shape.error());
    shapes.push_back(std::move(*shape));
  }
  return shapes;
}

SizeGrowth growth_of(const std::string& kernel, const std::string& key, const std::vector<KernelRun>& runs) {
  SizeGrowth g{.kernel = kernel, .key = key, .size = {}, .time_s = {}};
  for (const KernelRun& run : runs) {
    const auto shape = Shape::parse("", run.shape);
    if (!shape || !shape->has(key)) continue;
    g.size.push_back(static_cast<double>((*shape)[key]));
    g.time_s.push_back(run.time_s.median);
  }
  if (const auto fit = fit_power(g.size, g.time_s)) {
    g.exponent = fit->exponent;
    g.standard_error = fit->standard_error;
  }
  return g;
}

}  // namespace ridgepoint
