// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstring>

#include "workloads/study/patch_net.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/study/patch_net_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;
using study::kPatchEdge, study::kPatchKinds, study::kPatchPixels;
using L = study::NetLayout;

/// Planes of `edge` squared with a border of one, a vector of samples at each place.
template <class T>
struct Planes {
  std::size_t planes, edge, lanes;
  std::vector<T> values;

  Planes(std::size_t n, std::size_t e, std::size_t width)
      : planes(n), edge(e), lanes(width), values(n * (e + 2) * (e + 2) * width) {}
  std::size_t row() const { return (edge + 2) * lanes; }
  /// Place (y, x) of plane c, counted from the border: (1, 1) is the first inside.
  T* at(std::size_t c, std::size_t y, std::size_t x) {
    return values.data() + ((c * (edge + 2) + y) * (edge + 2) + x) * lanes;
  }
};

template <class T>
class Net {
 public:
  using D = hn::ScalableTag<T>;

  Net() : n_(hn::Lanes(d_)) {}
  std::size_t lanes() const { return n_; }
  Planes<T>& input() { return in_; }

  void forward(const T* w) {
    convolve(in_, w + L::w1, w + L::b1, a1_);
    relu(a1_);
    pool(a1_, p1_);
    convolve(p1_, w + L::w2, w + L::b2, a2_);
    relu(a2_);
    pool(a2_, p2_);
    for (std::size_t i = 0; i < L::flat; ++i)
      std::memcpy(flat_.data() + i * n_, p2_.at(i / 25, i % 25 / 5 + 1, i % 5 + 1), n_ * sizeof(T));
    dense(flat_.data(), L::flat, w + L::w3, w + L::b3, L::hidden, hidden_.data());
    for (std::size_t i = 0; i < L::hidden * n_; i += n_)
      hn::StoreU(hn::Max(hn::LoadU(d_, &hidden_[i]), hn::Zero(d_)), d_, &hidden_[i]);
    dense(hidden_.data(), L::hidden, w + L::w4, w + L::b4, kPatchKinds, out_.data());
  }
  /// Outputs, then (put there by the caller) the loss by them: kinds x lanes.
  T* output() { return out_.data(); }

  /// Adds to the gradient. Precondition: forward() with the same weights, and the loss by the outputs in
  /// output().
  void backward(const T* w, T* g) {
    dense_back(hidden_.data(), L::hidden, w + L::w4, out_.data(), kPatchKinds, g + L::w4, g + L::b4,
               by_hidden_.data());
    for (std::size_t i = 0; i < L::hidden * n_; i += n_) {
      const auto on = hn::Gt(hn::LoadU(d_, &hidden_[i]), hn::Zero(d_));
      hn::StoreU(hn::IfThenElseZero(on, hn::LoadU(d_, &by_hidden_[i])), d_, &by_hidden_[i]);
    }
    dense_back(flat_.data(), L::flat, w + L::w3, by_hidden_.data(), L::hidden, g + L::w3, g + L::b3,
               by_flat_.data());
    for (std::size_t i = 0; i < L::flat; ++i)
      std::memcpy(by_p2_.at(i / 25, i % 25 / 5 + 1, i % 5 + 1), by_flat_.data() + i * n_, n_ * sizeof(T));
    pool_back(a2_, by_p2_, by_a2_);
    weights_back(p1_, by_a2_, g + L::w2, g + L::b2);
    for (std::size_t o = 0; o < L::c2; ++o)  // the same convolution, turned round
      for (std::size_t c = 0; c < L::c1; ++c)
        for (std::size_t k = 0; k < 9; ++k)
          turned_[(c * L::c2 + o) * 9 + 8 - k] = w[L::w2 + (o * L::c1 + c) * 9 + k];
    convolve(by_a2_, turned_.data(), nullptr, by_p1_);
    pool_back(a1_, by_p1_, by_a1_);
    weights_back(in_, by_a1_, g + L::w1, g + L::b1);
  }

 private:
  /// Four planes at two neighbouring places at a time.
  void convolve(Planes<T>& in, const T* w, const T* bias, Planes<T>& out) {
    const std::size_t depth = in.planes * 9;
    for (std::size_t o = 0; o < out.planes; o += 4)
      for (std::size_t y = 1; y <= out.edge; ++y)
        for (std::size_t x = 1; x <= out.edge; x += 2) {  // edges are even
          const auto start = [&](std::size_t j) { return hn::Set(d_, bias == nullptr ? T{0} : bias[o + j]); };
          auto s00 = start(0), s01 = s00, s10 = start(1), s11 = s10, s20 = start(2), s21 = s20,
               s30 = start(3), s31 = s30;
          const T* weight = w + o * depth;
          for (std::size_t c = 0; c < in.planes; ++c)
            for (std::size_t k = 0; k < 9; ++k, ++weight) {
              const T* from = in.at(c, y + k / 3 - 1, x + k % 3 - 1);
              const auto v0 = hn::LoadU(d_, from), v1 = hn::LoadU(d_, from + n_);
              const auto w0 = hn::Set(d_, weight[0]), w1 = hn::Set(d_, weight[depth]),
                         w2 = hn::Set(d_, weight[2 * depth]), w3 = hn::Set(d_, weight[3 * depth]);
              s00 = hn::MulAdd(w0, v0, s00);
              s01 = hn::MulAdd(w0, v1, s01);
              s10 = hn::MulAdd(w1, v0, s10);
              s11 = hn::MulAdd(w1, v1, s11);
              s20 = hn::MulAdd(w2, v0, s20);
              s21 = hn::MulAdd(w2, v1, s21);
              s30 = hn::MulAdd(w3, v0, s30);
              s31 = hn::MulAdd(w3, v1, s31);
            }
          hn::StoreU(s00, d_, out.at(o, y, x));
          hn::StoreU(s01, d_, out.at(o, y, x + 1));
          hn::StoreU(s10, d_, out.at(o + 1, y, x));
          hn::StoreU(s11, d_, out.at(o + 1, y, x + 1));
          hn::StoreU(s20, d_, out.at(o + 2, y, x));
          hn::StoreU(s21, d_, out.at(o + 2, y, x + 1));
          hn::StoreU(s30, d_, out.at(o + 3, y, x));
          hn::StoreU(s31, d_, out.at(o + 3, y, x + 1));
        }
  }

  void relu(Planes<T>& a) {
    for (std::size_t i = 0; i < a.values.size(); i += n_)
      hn::StoreU(hn::Max(hn::LoadU(d_, &a.values[i]), hn::Zero(d_)), d_, &a.values[i]);
  }

  void pool(Planes<T>& in, Planes<T>& out) {
    for (std::size_t c = 0; c < out.planes; ++c)
      for (std::size_t y = 1; y <= out.edge; ++y)
        for (std::size_t x = 1; x <= out.edge; ++x) {
          const T *a = in.at(c, 2 * y - 1, 2 * x - 1), *b = a + in.row();
          hn::StoreU(hn::Max(hn::Max(hn::LoadU(d_, a), hn::LoadU(d_, a + n_)),
                             hn::Max(hn::LoadU(d_, b), hn::LoadU(d_, b + n_))),
                     d_, out.at(c, y, x));
        }
  }

  /// To the first of four that is the maximum, and through the ReLU before it. Borders of `to` stay 0.
  void pool_back(Planes<T>& a, Planes<T>& by, Planes<T>& to) {
    for (std::size_t c = 0; c < by.planes; ++c)
      for (std::size_t y = 1; y <= by.edge; ++y)
        for (std::size_t x = 1; x <= by.edge; ++x) {
          const T* from[2] = {a.at(c, 2 * y - 1, 2 * x - 1), a.at(c, 2 * y, 2 * x - 1)};
          T* into[2] = {to.at(c, 2 * y - 1, 2 * x - 1), to.at(c, 2 * y, 2 * x - 1)};
          auto left = hn::LoadU(d_, by.at(c, y, x));
          const auto most = hn::Max(hn::Max(hn::LoadU(d_, from[0]), hn::LoadU(d_, from[0] + n_)),
                                    hn::Max(hn::LoadU(d_, from[1]), hn::LoadU(d_, from[1] + n_)));
          left = hn::IfThenElseZero(hn::Gt(most, hn::Zero(d_)), left);
          for (std::size_t k = 0; k < 4; ++k) {
            const auto here = hn::Eq(hn::LoadU(d_, from[k / 2] + k % 2 * n_), most);
            hn::StoreU(hn::IfThenElseZero(here, left), d_, into[k / 2] + k % 2 * n_);
            left = hn::IfThenZeroElse(here, left);
          }
        }
  }

  void weights_back(Planes<T>& in, Planes<T>& by, T* w, T* bias) {
    for (std::size_t o = 0; o < by.planes; ++o) {
      auto sum = hn::Zero(d_);
      for (std::size_t y = 1; y <= by.edge; ++y)
        for (std::size_t x = 1; x <= by.edge; ++x) sum = hn::Add(sum, hn::LoadU(d_, by.at(o, y, x)));
      bias[o] += total(sum);
      for (std::size_t c = 0; c < in.planes; ++c)
        for (std::size_t line = 0; line < 3; ++line) {
          auto s0 = hn::Zero(d_), s1 = s0, s2 = s0;
          for (std::size_t y = 1; y <= by.edge; ++y) {
            const T *g = by.at(o, y, 1), *v = in.at(c, y + line - 1, 0);
            for (std::size_t x = 0; x < by.edge; ++x, g += n_, v += n_) {
              const auto here = hn::LoadU(d_, g);
              s0 = hn::MulAdd(here, hn::LoadU(d_, v), s0);
              s1 = hn::MulAdd(here, hn::LoadU(d_, v + n_), s1);
              s2 = hn::MulAdd(here, hn::LoadU(d_, v + 2 * n_), s2);
            }
          }
          T* out = w + (o * in.planes + c) * 9 + line * 3;
          out[0] += total(s0);
          out[1] += total(s1);
          out[2] += total(s2);
        }
    }
  }

  void dense(const T* in, std::size_t inputs, const T* w, const T* bias, std::size_t outputs, T* out) {
    for (std::size_t o = 0; o < outputs; o += 4) {
      auto s0 = hn::Set(d_, bias[o]), s1 = hn::Set(d_, bias[o + 1]), s2 = hn::Set(d_, bias[o + 2]),
           s3 = hn::Set(d_, bias[o + 3]);
      const T* row = w + o * inputs;
      for (std::size_t i = 0; i < inputs; ++i) {
        const auto v = hn::LoadU(d_, in + i * n_);
        s0 = hn::MulAdd(hn::Set(d_, row[i]), v, s0);
        s1 = hn::MulAdd(hn::Set(d_, row[inputs + i]), v, s1);
        s2 = hn::MulAdd(hn::Set(d_, row[2 * inputs + i]), v, s2);
        s3 = hn::MulAdd(hn::Set(d_, row[3 * inputs + i]), v, s3);
      }
      hn::StoreU(s0, d_, out + o * n_);
      hn::StoreU(s1, d_, out + (o + 1) * n_);
      hn::StoreU(s2, d_, out + (o + 2) * n_);
      hn::StoreU(s3, d_, out + (o + 3) * n_);
    }
  }

  void dense_back(const T* in, std::size_t inputs, const T* w, const T* by, std::size_t outputs, T* gw,
                  T* gbias, T* by_in) {
    for (std::size_t i = 0; i < inputs; ++i) {
      auto sum = hn::Zero(d_);
      for (std::size_t o = 0; o < outputs; ++o)
        sum = hn::MulAdd(hn::Set(d_, w[o * inputs + i]), hn::LoadU(d_, by + o * n_), sum);
      hn::StoreU(sum, d_, by_in + i * n_);
      for (std::size_t s = 0; s < n_; ++s) across_[s * inputs + i] = in[i * n_ + s];
    }
    for (std::size_t o = 0; o < outputs; ++o) {
      gbias[o] += total(hn::LoadU(d_, by + o * n_));
      T* row = gw + o * inputs;
      std::size_t i = 0;  // inputs are multiples of 16
      for (; i < inputs; i += n_) {
        auto sum = hn::LoadU(d_, row + i);
        for (std::size_t s = 0; s < n_; ++s)
          sum = hn::MulAdd(hn::Set(d_, by[o * n_ + s]), hn::LoadU(d_, &across_[s * inputs + i]), sum);
        hn::StoreU(sum, d_, row + i);
      }
    }
  }

  template <class V>
  T total(V v) const {
    return hn::GetLane(hn::SumOfLanes(d_, v));
  }

  const D d_{};
  std::size_t n_;
  Planes<T> in_{1, 20, n_}, a1_{L::c1, 20, n_}, p1_{L::c1, 10, n_}, a2_{L::c2, 10, n_}, p2_{L::c2, 5, n_};
  Planes<T> by_a1_{L::c1, 20, n_}, by_p1_{L::c1, 10, n_}, by_a2_{L::c2, 10, n_}, by_p2_{L::c2, 5, n_};
  std::vector<T> flat_ = std::vector<T>(L::flat * n_), by_flat_ = flat_, across_ = flat_;
  std::vector<T> hidden_ = std::vector<T>(L::hidden * n_), by_hidden_ = hidden_;
  std::vector<T> out_ = std::vector<T>(kPatchKinds * n_), turned_ = std::vector<T>(L::c1 * L::c2 * 9);
};

template <class T>
void fill(Planes<T>& in, const study::Patches& patches, std::span<const std::uint32_t> which) {
  for (std::size_t s = 0; s < which.size(); ++s) {
    const float* pixels = patches.pixels.data() + which[s] * kPatchPixels;
    for (std::size_t p = 0; p < kPatchPixels; ++p)
      in.at(0, p / kPatchEdge + 1, p % kPatchEdge + 1)[s] = static_cast<T>(pixels[p]);
  }
}

/// Softmax and cross-entropy of one lane; its outputs become the loss by them, times `part`.
template <class T>
void score(T* out, std::size_t lanes, std::size_t kind, double part, study::Answer& answer) {
  double most = static_cast<double>(out[0]), sum = 0;
  std::size_t best = 0;
  for (std::size_t k = 1; k < kPatchKinds; ++k)
    if (static_cast<double>(out[k * lanes]) > most) {
      most = static_cast<double>(out[k * lanes]);
      best = k;
    }
  double e[kPatchKinds];
  for (std::size_t k = 0; k < kPatchKinds; ++k)
    sum += e[k] = std::exp(static_cast<double>(out[k * lanes]) - most);
  answer.loss += part * (std::log(sum) + most - static_cast<double>(out[kind * lanes]));
  answer.right += best == kind ? 1 : 0;
  for (std::size_t k = 0; k < kPatchKinds; ++k)
    out[k * lanes] = static_cast<T>(part * (e[k] / sum - (k == kind ? 1.0 : 0.0)));
}

template <class T>
study::Answer EvaluateOf(std::span<const T> weights, const study::Patches& patches,
                         std::span<const std::uint32_t> which, std::vector<T>* gradient) {
  Net<T> net;
  const std::size_t n = net.lanes();
  study::Answer answer;
  if (gradient != nullptr) gradient->assign(L::count, T{0});
  const double part = 1 / static_cast<double>(which.size());
  for (std::size_t at = 0; at < which.size(); at += n) {
    const std::size_t used = std::min(n, which.size() - at);
    fill(net.input(), patches, which.subspan(at, used));
    net.forward(weights.data());
    for (std::size_t s = 0; s < n; ++s) {
      if (s < used) {
        score(net.output() + s, n, patches.kinds[which[at + s]], part, answer);
        continue;
      }
      for (std::size_t k = 0; k < kPatchKinds; ++k)
        net.output()[k * n + s] = 0;  // a lane of the batch before
    }
    if (gradient != nullptr) net.backward(weights.data(), gradient->data());
  }
  return answer;
}

study::Answer EvaluateFloat(std::span<const float> weights, const study::Patches& patches,
                            std::span<const std::uint32_t> which, std::vector<float>* gradient) {
  return EvaluateOf<float>(weights, patches, which, gradient);
}

study::Answer EvaluateDouble(std::span<const double> weights, const study::Patches& patches,
                             std::span<const std::uint32_t> which, std::vector<double>* gradient) {
  return EvaluateOf<double>(weights, patches, which, gradient);
}

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(EvaluateFloat);
HWY_EXPORT(EvaluateDouble);

study::Answer study::evaluate(std::span<const float> weights, const Patches& patches,
                              std::span<const std::uint32_t> which, std::vector<float>* gradient) {
  return HWY_DYNAMIC_DISPATCH(EvaluateFloat)(weights, patches, which, gradient);
}

study::Answer study::evaluate(std::span<const double> weights, const Patches& patches,
                              std::span<const std::uint32_t> which, std::vector<double>* gradient) {
  return HWY_DYNAMIC_DISPATCH(EvaluateDouble)(weights, patches, which, gradient);
}

}  // namespace ridgepoint
#endif
