// SPDX-License-Identifier: Apache-2.0
// x = x * a + b on twelve independent chains: two pipelines of latency up to six are kept full. Each chain
// converges to b / (1 - a), which the residual verifies, so a loop that was optimised away or dropped to
// another arithmetic is seen. Sets without a fused instruction (SSE) do the two operations in two.
#include <algorithm>
#include <cmath>

#include "model/core/cycle_chain.h"
#include "model/core/simd_name.h"
#include "probes/arithmetic.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "probes/arithmetic_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SSSE3 || HWY_TARGET == HWY_SSE4
constexpr double kInstructionsPerStep = 2;
#else
constexpr double kInstructionsPerStep = 1;
#endif

constexpr double kFactor = 0.75, kTerm = 0.8125, kFixedPoint = 3.25;

/// Twelve values in registers of their own, each begun, stepped `rounds` times and handed over.
template <int kAdds, class Begin, class Step, class End>
HWY_INLINE void TwelveChains(std::int64_t rounds, Begin begin, Step step, End end) {
  // Starts of different size: none is zero and none is the fixed point.
  auto x0 = begin(0.11), x1 = begin(9.7), x2 = begin(1.3), x3 = begin(7.1), x4 = begin(2.2), x5 = begin(6.3);
  auto x6 = begin(0.7), x7 = begin(5.9), x8 = begin(3.6), x9 = begin(8.8), x10 = begin(4.4), x11 = begin(1.9);
  CycleChain chain;
  for (std::int64_t i = 0; i < rounds; i += kRoundUnit) {
#pragma GCC unroll 8
    for (int k = 0; k < kRoundUnit; ++k) {
      step(x0), step(x1), step(x2), step(x3), step(x4), step(x5);
      chain.add<kAdds>();
      step(x6), step(x7), step(x8), step(x9), step(x10), step(x11);
    }
  }
  end(x0), end(x1), end(x2), end(x3), end(x4), end(x5);
  end(x6), end(x7), end(x8), end(x9), end(x10), end(x11);
}

ArithmeticRun Done(std::int64_t rounds, double lanes, double far) {
  const double steps = 12.0 * static_cast<double>(rounds);
  return {2 * lanes * steps, kInstructionsPerStep * steps, far / kFixedPoint};
}

template <class T, int kAdds>
struct VectorChain {
  static ArithmeticRun Run(std::int64_t rounds) {
    const hn::ScalableTag<T> d;
    const auto value = [d](double x) HWY_ATTR { return hn::Set(d, static_cast<T>(x)); };
    const auto a = value(kFactor), b = value(kTerm), fixed = value(kFixedPoint);
    auto far = hn::Zero(d);
    TwelveChains<kAdds>(
        rounds, value, [&](auto& x) HWY_ATTR { x = hn::MulAdd(x, a, b); },
        [&](auto x) HWY_ATTR { far = hn::Max(far, hn::Abs(hn::Sub(x, fixed))); });
    return Done(rounds, static_cast<double>(hn::Lanes(d)),
                static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, far))));
  }
};

template <class T, int kAdds>
struct ScalarChain {
  static ArithmeticRun Run(std::int64_t rounds) {
    const T a = static_cast<T>(kFactor), b = static_cast<T>(kTerm);
    double far = 0;
    TwelveChains<kAdds>(
        rounds, [](double x) HWY_ATTR { return static_cast<T>(x); },
        [&](T& x) HWY_ATTR {
          x = x * a + b;
          keep_scalar(x);
        },
        [&](T x) HWY_ATTR { far = std::max(far, std::abs(static_cast<double>(x) - kFixedPoint)); });
    return Done(rounds, 1, far);
  }
};

template <template <class, int> class Chain, class T>
ArithmeticLoop Loop(const std::string& dtype, const std::string& isa) {
  const std::string method = kInstructionsPerStep == 1 ? "multiply-add" : "multiply, then add";
  return {dtype,
          isa,
          "flop/s",
          "12 chains of " + method + " in registers",
          1e-5,  // FP32 chains end within a few ulp (6e-8) of the fixed point
          Chain<T, 0>::Run,
          {{7, Chain<T, 7>::Run},
           {9, Chain<T, 9>::Run},
           {13, Chain<T, 13>::Run},
           {20, Chain<T, 20>::Run},
           {32, Chain<T, 32>::Run}}};
}

[[maybe_unused]] void Vector(std::vector<ArithmeticLoop>& loops) {
  const std::string isa = isa_word(hwy::TargetName(HWY_TARGET));
  loops.push_back(Loop<VectorChain, double>("fp64", isa));
  loops.push_back(Loop<VectorChain, float>("fp32", isa));
}

void Scalar(std::vector<ArithmeticLoop>& loops) {
  loops.push_back(Loop<ScalarChain, double>("fp64", "scalar"));
  loops.push_back(Loop<ScalarChain, float>("fp32", "scalar"));
}

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {

void add_simd_loops(std::vector<ArithmeticLoop>& loops) {
  HWY_EXPORT(Scalar);
  HWY_DYNAMIC_DISPATCH(Scalar)(loops);
  const auto supported = hwy::SupportedTargets();
  // Narrow before wide; a target that was not compiled in has no namespace.
#if HWY_TARGETS & HWY_SSE4
  if ((supported & HWY_SSE4) != 0) N_SSE4::Vector(loops);
#endif
#if HWY_TARGETS & HWY_AVX2
  if ((supported & HWY_AVX2) != 0) N_AVX2::Vector(loops);
#endif
#if HWY_TARGETS & HWY_AVX3
  if ((supported & HWY_AVX3) != 0) N_AVX3::Vector(loops);
#endif
#if HWY_TARGETS & HWY_NEON
  if ((supported & HWY_NEON) != 0) N_NEON::Vector(loops);
#endif
#if HWY_TARGETS & HWY_SVE
  if ((supported & HWY_SVE) != 0) N_SVE::Vector(loops);
#endif
#if HWY_TARGETS & HWY_RVV
  if ((supported & HWY_RVV) != 0) N_RVV::Vector(loops);
#endif
#if HWY_TARGETS & HWY_PPC8
  if ((supported & HWY_PPC8) != 0) N_PPC8::Vector(loops);
#endif
}

std::vector<ArithmeticLoop> arithmetic_loops() {
  std::vector<ArithmeticLoop> loops;
  add_simd_loops(loops);
  add_x86_loops(loops);
  return loops;
}

}  // namespace ridgepoint
#endif
