// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/loss.h"

#include <algorithm>

namespace ridgepoint {
namespace {

constexpr std::int64_t kAnchorChannels = 5;

template <class T>
struct Place {
  const T* logits;
  T* gradient;        ///< may be null
  std::int64_t step;  ///< from channel to channel
  double weight;      ///< of this place in the mean

  double operator[](std::int64_t c) const { return static_cast<double>(logits[c * step]); }
  void derivative(std::int64_t c, double v) const {
    if (gradient != nullptr) gradient[c * step] = static_cast<T>(v * weight);
  }
};

template <class T>
double cross_entropy(const Place<T>& x, std::int64_t channels, std::int64_t label) {
  double most = x[0], sum = 0;
  for (std::int64_t c = 1; c < channels; ++c) most = std::max(most, x[c]);
  for (std::int64_t c = 0; c < channels; ++c) sum += std::exp(x[c] - most);
  for (std::int64_t c = 0; c < channels; ++c)
    x.derivative(c, std::exp(x[c] - most) / sum - (c == label ? 1 : 0));
  return (std::log(sum) + most - x[label]) * x.weight;
}

template <class T>
double detector(const Place<T>& x, std::int64_t channels, const float* wanted) {
  double loss = 0;
  for (std::int64_t c = 0; c < channels; ++c) {
    const auto want = static_cast<double>(wanted[c * x.step]);
    if (c % kAnchorChannels == 0) {
      loss += std::max(x[c], 0.0) - x[c] * want + std::log1p(std::exp(-std::abs(x[c])));
      x.derivative(c, 1 / (1 + std::exp(-x[c])) - want);
      continue;
    }
    const bool holds = wanted[c / kAnchorChannels * kAnchorChannels * x.step] > 0;
    const double error = holds ? x[c] - want : 0;
    loss += error * error / 2;
    x.derivative(c, error);
  }
  return loss * x.weight;
}

}  // namespace

Target random_target(LossKind kind, const Extents& e, std::uint64_t seed) {
  Target target;
  if (kind == LossKind::cross_entropy) {
    target.labels.resize(static_cast<std::size_t>(e.n * e.plane()));
    for (std::size_t i = 0; i < target.labels.size(); ++i)
      target.labels[i] = static_cast<std::int32_t>(random_below(seed, i, static_cast<std::uint32_t>(e.c)));
    return target;
  }
  target.numbers.resize(static_cast<std::size_t>(e.all()));
  for (std::int64_t i = 0; i < e.all(); ++i) {
    const double u = random_unit(seed, static_cast<std::uint64_t>(i));
    const bool logit = i / e.plane() % e.c % kAnchorChannels == 0;
    target.numbers[static_cast<std::size_t>(i)] = static_cast<float>(logit ? (u < 0.1 ? 1 : 0) : 2 * u - 1);
  }
  return target;
}

template <class T>
double loss_part(const LossInput<T>& in, std::int64_t begin, std::int64_t end) {
  const Extents& e = in.extents;
  const std::int64_t plane = e.plane();
  double loss = 0;
  for (std::int64_t i = begin; i < end; ++i) {
    const std::int64_t from = i / plane * e.c * plane + i % plane;
    const Place<T> place{in.logits + from, in.gradient == nullptr ? nullptr : in.gradient + from, plane,
                         1 / static_cast<double>(e.n * plane)};
    loss += in.kind == LossKind::cross_entropy ? cross_entropy(place, e.c, in.labels[i])
                                               : detector(place, e.c, in.numbers + from);
  }
  return loss;
}

template double loss_part(const LossInput<float>&, std::int64_t, std::int64_t);
template double loss_part(const LossInput<double>&, std::int64_t, std::int64_t);

}  // namespace ridgepoint
