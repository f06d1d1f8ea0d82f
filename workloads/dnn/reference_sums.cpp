// SPDX-License-Identifier: Apache-2.0
// Operators that sum over a window, over channels or over a whole tensor.
#include <algorithm>
#include <cmath>

#include "workloads/dnn/reference_parts.h"

namespace ridgepoint {
namespace {

using net::OpKind;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

class Convolution : public Summed {
 public:
  explicit Convolution(const ReferenceParts& p) : Summed(p) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const RowPlace r = row_place(extents(), index);
    start(out, size, parameter(1), r.c);
    const std::int64_t in = x_.extents.c / p_.op->groups, first = r.c / (extents().c / p_.op->groups) * in;
    const auto& [kd, kh, kw] = window_.kernel;
    const float* w = parameter(0) + r.c * in * kd * kh * kw;
    for (std::int64_t c = 0; c < in; ++c)
      for (std::int64_t a = 0; a < kd; ++a)
        for (std::int64_t b = 0; b < kh; ++b) {
          const std::int64_t d = r.d * window_.stride[0] - window_.pad[0] + a * window_.dilation[0];
          const std::int64_t h = r.h * window_.stride[1] - window_.pad[1] + b * window_.dilation[1];
          if (d < 0 || d >= x_.extents.d || h < 0 || h >= x_.extents.h) continue;
          taps(w + ((c * kd + a) * kh + b) * kw, line(r.n, first + c, d, h), out, size);
        }
  }

 private:
  void taps(const float* w, const double* in, std::vector<double>& out, std::vector<double>& size) const {
    const std::int64_t s = window_.stride[2];
    for (std::int64_t k = 0; k < window_.kernel[2]; ++k) {
      const std::int64_t shift = k * window_.dilation[2] - window_.pad[2];
      const std::int64_t begin = shift < 0 ? (-shift + s - 1) / s : 0;
      const std::int64_t room = x_.extents.w - 1 - shift;
      const std::int64_t end = room < 0 ? 0 : std::min(extents().w, room / s + 1);
      const auto weight = static_cast<double>(w[k]);
      if (p_.every_row) {
        for (std::int64_t i = begin; i < end; ++i) out[at(i)] += weight * in[i * s + shift];
        continue;
      }
      for (std::int64_t i = begin; i < end; ++i) {
        out[at(i)] += weight * in[i * s + shift];
        size[at(i)] += std::abs(weight * in[i * s + shift]);
      }
    }
  }
};

class TransposedConvolution : public Summed {
 public:
  explicit TransposedConvolution(const ReferenceParts& p) : Summed(p) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const RowPlace r = row_place(extents(), index);
    start(out, size, parameter(1), r.c);
    const std::int64_t each = extents().c / p_.op->groups, in = x_.extents.c / p_.op->groups;
    const std::int64_t first = r.c / each * in;
    const auto& [kd, kh, kw] = window_.kernel;
    for (std::int64_t c = first; c < first + in; ++c)
      for (std::int64_t a = 0; a < kd; ++a)
        for (std::int64_t b = 0; b < kh; ++b) {
          const std::int64_t d = source(0, r.d, a), h = source(1, r.h, b);
          if (d < 0 || d >= x_.extents.d || h < 0 || h >= x_.extents.h) continue;
          const float* w = parameter(0) + (((c * each + r.c % each) * kd + a) * kh + b) * kw;
          spread(w, line(r.n, c, d, h), out, size);
        }
  }

 private:
  /// The input place that tap `k` brings to output place `o`; -1: none.
  std::int64_t source(std::size_t axis, std::int64_t o, std::int64_t k) const {
    const std::int64_t v = o + window_.pad[axis] - k * window_.dilation[axis];
    return v < 0 || v % window_.stride[axis] != 0 ? -1 : v / window_.stride[axis];
  }
  void spread(const float* w, const double* in, std::vector<double>& out, std::vector<double>& size) const {
    for (std::int64_t k = 0; k < window_.kernel[2]; ++k)
      for (std::int64_t i = 0; i < x_.extents.w; ++i) {
        const std::int64_t o = i * window_.stride[2] - window_.pad[2] + k * window_.dilation[2];
        if (o < 0 || o >= extents().w) continue;
        const double term = static_cast<double>(w[k]) * in[i];
        out[at(o)] += term;
        size[at(o)] += std::abs(term);
      }
  }
};

class Linear : public Summed {
 public:
  explicit Linear(const ReferenceParts& p) : Summed(p) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const std::int64_t n = index / extents().c, c = index % extents().c, in = x_.extents.c;
    start(out, size, parameter(1), c);
    for (std::int64_t k = 0; k < in; ++k) {
      const double term = static_cast<double>(parameter(0)[c * in + k]) * x_.data[at(n * in + k)];
      out[0] += term;
      size[0] += std::abs(term);
    }
  }
};

class Pool : public Summed {
 public:
  explicit Pool(const ReferenceParts& p) : Summed(p) {
    if (p.op->kind != OpKind::global_average_pool) return;
    window_.kernel[0] = x_.extents.d;
    window_.kernel[1] = x_.extents.h;
    window_.kernel[2] = x_.extents.w;
  }

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const RowPlace r = row_place(extents(), index);
    for (std::int64_t i = 0; i < extents().w; ++i) one(r, i, out[at(i)], size[at(i)]);
  }

 private:
  void one(const RowPlace& r, std::int64_t i, double& out, double& size) const {
    const bool most = p_.op->kind == OpKind::max_pool;
    const std::int64_t place[3] = {r.d, r.h, i};
    double sum = 0, best = -HUGE_VAL, absolute = 0, inside = 0;
    const auto& [kd, kh, kw] = window_.kernel;
    for (std::int64_t tap = 0; tap < kd * kh * kw; ++tap) {
      const std::int64_t d = from(0, place[0], tap / (kh * kw)), h = from(1, place[1], tap / kw % kh),
                         w = from(2, place[2], tap % kw);
      if (d < 0 || h < 0 || w < 0 || d >= x_.extents.d || h >= x_.extents.h || w >= x_.extents.w) continue;
      const double x = line(r.n, r.c, d, h)[w];
      inside += 1;
      sum += x;
      absolute = most ? std::max(absolute, std::abs(x)) : absolute + std::abs(x);
      best = std::max(best, x);
    }
    const double count = p_.op->window.include_pad ? static_cast<double>(kd * kh * kw) : inside;
    out = most ? best : sum / count;
    size = most ? absolute : absolute / count;
  }
  std::int64_t from(std::size_t axis, std::int64_t o, std::int64_t k) const {
    return o * window_.stride[axis] - window_.pad[axis] + k * window_.dilation[axis];
  }
};

template <class T>
std::unique_ptr<OperatorReference> make(const ReferenceParts& p) {
  return std::make_unique<T>(p);
}

}  // namespace

std::unique_ptr<OperatorReference> sums_over_places(const ReferenceParts& p) {
  switch (p.op->kind) {
    case OpKind::convolution:
      return make<Convolution>(p);
    case OpKind::transposed_convolution:
      return make<TransposedConvolution>(p);
    case OpKind::linear:
      return make<Linear>(p);
    case OpKind::max_pool:
    case OpKind::average_pool:
    case OpKind::global_average_pool:
      return make<Pool>(p);
    default:
      return nullptr;
  }
}

}  // namespace ridgepoint
