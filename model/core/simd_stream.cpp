// SPDX-License-Identifier: Apache-2.0
#include "model/core/simd_stream.h"

#include <hwy/cache_control.h>

#include "model/core/cycle_chain.h"
#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/core/simd_stream.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;

using Words = hn::ScalableTag<std::uint64_t>;

/// The value is in a register, and nothing is done with it.
template <class Value>
HWY_INLINE void Loaded(const Value& value) {
#if defined(__x86_64__)
  asm volatile("" ::"x"(value.raw));
#elif HWY_TARGET == HWY_NEON
  asm volatile("" ::"w"(value.raw));
#else
  asm volatile("" ::"m"(value));
#endif
}

/// All but the last pass load and do no more: arithmetic beside the loads would lower the clock of some
/// cores. The last pass takes the exclusive or of all words, which is exact: one wrong bit shows.
template <int kAdds>
void Read(StreamArgs& x) {
  const Words d;
  const std::size_t lanes = hn::Lanes(d);
  const auto* HWY_RESTRICT begin = reinterpret_cast<const std::uint64_t*>(x.a);
  const auto* end = begin + x.n;
  CycleChain chain;
  for (std::int64_t pass = 1; pass < x.passes; ++pass)
    for (const std::uint64_t* a = begin; a != end; a += 8 * lanes) {  // 16 were a tenth slower in L1
      const auto load = [a, d, lanes](std::size_t k) HWY_ATTR { Loaded(hn::Load(d, a + k * lanes)); };
      load(0), load(1), load(2), load(3);
      chain.add<kAdds>();
      load(4), load(5), load(6), load(7);
    }
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  for (const std::uint64_t* a = begin; a != end; a += 8 * lanes) {
    const auto at = [a, d, lanes](std::size_t k) HWY_ATTR { return hn::Load(d, a + k * lanes); };
    s0 = hn::Xor(s0, at(0)), s1 = hn::Xor(s1, at(1)), s2 = hn::Xor(s2, at(2)), s3 = hn::Xor(s3, at(3));
    s0 = hn::Xor(s0, at(4)), s1 = hn::Xor(s1, at(5)), s2 = hn::Xor(s2, at(6)), s3 = hn::Xor(s3, at(7));
  }
  HWY_ALIGN std::uint64_t all[HWY_MAX_BYTES / sizeof(std::uint64_t)];
  hn::Store(hn::Xor(hn::Xor(s0, s1), hn::Xor(s2, s3)), d, all);
  x.parity = 0;
  for (std::size_t k = 0; k < lanes; ++k) x.parity ^= all[k];
}

template <bool kStreamed>
HWY_INLINE void Put(V value, double* to) {
  if constexpr (kStreamed)
    hn::Stream(value, D(), to);
  else
    hn::Store(value, D(), to);
}

/// Fills c, in order, from what `body` makes of each index.
template <bool kStreamed, class Body>
HWY_INLINE void Fill(StreamArgs& x, Body body) {
  const D d;
  const std::size_t lanes = hn::Lanes(d), n = x.n;
  double* HWY_RESTRICT c = x.c;
  for (std::int64_t pass = 0; pass < x.passes; ++pass) {
    for (std::size_t i = 0; i < n; i += 8 * lanes) {
      Put<kStreamed>(body(i), c + i);
      Put<kStreamed>(body(i + lanes), c + i + lanes);
      Put<kStreamed>(body(i + 2 * lanes), c + i + 2 * lanes);
      Put<kStreamed>(body(i + 3 * lanes), c + i + 3 * lanes);
      Put<kStreamed>(body(i + 4 * lanes), c + i + 4 * lanes);
      Put<kStreamed>(body(i + 5 * lanes), c + i + 5 * lanes);
      Put<kStreamed>(body(i + 6 * lanes), c + i + 6 * lanes);
      Put<kStreamed>(body(i + 7 * lanes), c + i + 7 * lanes);
    }
    asm volatile("" ::: "memory");
  }
  if constexpr (kStreamed) hwy::FlushStream();
}

template <bool kStreamed>
void Write(StreamArgs& x) {
  const V value = hn::Set(D(), x.factor);
  Fill<kStreamed>(x, [value](std::size_t) HWY_ATTR { return value; });
}

/// Two loads, then two stores: up to a twentieth faster in L1 and L2 than one and one. The barriers keep the
/// order.
template <bool kStreamed>
HWY_INLINE void CopyPair(const double* from, double* to, std::size_t lanes) {
  const V first = hn::Load(D(), from), second = hn::Load(D(), from + lanes);
  asm volatile("" ::: "memory");
  Put<kStreamed>(first, to);
  Put<kStreamed>(second, to + lanes);
}

template <bool kStreamed>
void Copy(StreamArgs& x) {
  const std::size_t lanes = hn::Lanes(D()), n = x.n;
  const double* a = x.a;
  double* c = x.c;
  for (std::int64_t pass = 0; pass < x.passes; ++pass)
    for (std::size_t i = 0; i < n; i += 4 * lanes) {
      CopyPair<kStreamed>(a + i, c + i, lanes);
      CopyPair<kStreamed>(a + i + 2 * lanes, c + i + 2 * lanes, lanes);
    }
  if constexpr (kStreamed) hwy::FlushStream();
}

template <bool kStreamed>
void Scale(StreamArgs& x) {
  const double* HWY_RESTRICT a = x.a;
  const V factor = hn::Set(D(), x.factor);
  Fill<kStreamed>(x, [a, factor](std::size_t i) HWY_ATTR { return hn::Mul(factor, hn::Load(D(), a + i)); });
}

template <bool kStreamed>
void Add(StreamArgs& x) {
  const double* HWY_RESTRICT a = x.a;
  const double* HWY_RESTRICT b = x.b;
  Fill<kStreamed>(
      x, [a, b](std::size_t i) HWY_ATTR { return hn::Add(hn::Load(D(), a + i), hn::Load(D(), b + i)); });
}

template <bool kStreamed>
void Triad(StreamArgs& x) {
  const double* HWY_RESTRICT a = x.a;
  const double* HWY_RESTRICT b = x.b;
  const V factor = hn::Set(D(), x.factor);
  Fill<kStreamed>(x, [a, b, factor](std::size_t i)
                         HWY_ATTR { return hn::MulAdd(factor, hn::Load(D(), b + i), hn::Load(D(), a + i)); });
}

double NoStore(const StreamArgs& x, std::size_t k) { return x.c[k]; }

void Kernels(std::vector<StreamKernel>& list) {
  using Args = const StreamArgs&;
  list = {{"read", 1, 0, Read<0>, nullptr, NoStore},
          {"write", 0, 1, Write<false>, Write<true>, [](Args x, std::size_t) { return x.factor; }},
          {"copy", 1, 1, Copy<false>, Copy<true>, [](Args x, std::size_t k) { return x.a[k]; }},
          {"scale", 1, 1, Scale<false>, Scale<true>, [](Args x, std::size_t k) { return x.factor * x.a[k]; }},
          {"add", 2, 1, Add<false>, Add<true>, [](Args x, std::size_t k) { return x.a[k] + x.b[k]; }},
          {"triad", 2, 1, Triad<false>, Triad<true>,
           [](Args x, std::size_t k) { return x.a[k] + x.factor * x.b[k]; }}};
}

void Clocks(std::vector<StreamClock>& list) {
  list = {{5, Read<5>}, {7, Read<7>}, {10, Read<10>}, {16, Read<16>}, {26, Read<26>}};
}

void Describe(std::string& isa, std::size_t& bytes) {
  isa = isa_word(hwy::TargetName(HWY_TARGET));
  bytes = hn::Lanes(D()) * sizeof(double);
}

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <bit>
#include <cmath>

namespace ridgepoint {
HWY_EXPORT(Kernels);
HWY_EXPORT(Clocks);
HWY_EXPORT(Describe);

const std::vector<StreamKernel>& stream_kernels() {
  static const auto list = [] {
    std::vector<StreamKernel> kernels;
    HWY_DYNAMIC_DISPATCH(Kernels)(kernels);
    return kernels;
  }();
  return list;
}

const std::vector<StreamClock>& stream_clocks() {
  static const auto list = [] {
    std::vector<StreamClock> clocks;
    HWY_DYNAMIC_DISPATCH(Clocks)(clocks);
    return clocks;
  }();
  return list;
}

std::string stream_isa() {
  std::string isa;
  std::size_t bytes = 0;
  HWY_DYNAMIC_DISPATCH(Describe)(isa, bytes);
  return isa;
}

std::size_t stream_vector_bytes() {
  std::string isa;
  std::size_t bytes = 0;
  HWY_DYNAMIC_DISPATCH(Describe)(isa, bytes);
  return bytes;
}

std::uint64_t read_parity(const double* words, std::size_t n) {
  StreamArgs args;
  args.a = words;
  args.n = n;
  stream_kernels()[0].cached(args);
  return args.parity;
}

std::uint64_t plain_parity(const double* words, std::size_t n) {
  std::uint64_t parity = 0;
  for (std::size_t k = 0; k < n; ++k) parity ^= std::bit_cast<std::uint64_t>(words[k]);
  return parity;
}

std::string wrong_stream_kernel(StreamArgs x, std::size_t step) {
  x.passes = 2;
  const std::uint64_t parity = plain_parity(x.a, x.n);
  for (const StreamKernel& kernel : stream_kernels())
    for (const auto& variant : {kernel.cached, kernel.streamed}) {
      if (variant == nullptr) continue;
      if (kernel.stores > 0)
        for (std::size_t k = 0; k < x.n; k += step) x.c[k] = -1;
      variant(x);
      bool right = kernel.stores > 0 || x.parity == parity;
      for (std::size_t k = 0; k < x.n && kernel.stores > 0; k += step)
        right = right && std::abs(x.c[k] - kernel.expected(x, k)) <= 4e-16 * std::abs(x.c[k]);
      if (!right) return kernel.name;
    }
  return {};
}

}  // namespace ridgepoint
#endif
