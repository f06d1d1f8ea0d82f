// SPDX-License-Identifier: Apache-2.0
// Operators that sum over a window, over channels or over a whole tensor.
#include <algorithm>
#include <cmath>

#include "workloads/dnn/reference_parts.h"

namespace ridgepoint {
namespace {

using net::OpKind;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// A window on three axes; those the network lacks have one place.
struct Window3 {
  std::int64_t kernel[3] = {1, 1, 1}, stride[3] = {1, 1, 1}, dilation[3] = {1, 1, 1}, pad[3] = {0, 0, 0},
               pad_end[3] = {0, 0, 0};
  explicit Window3(const net::Window& w) {
    const std::size_t axes = w.pad_end.size();  // filled by the builder where there is a window
    for (std::size_t i = 0; i < axes; ++i) {
      const std::size_t to = axes <= 3 ? 3 - axes + i : i;
      if (to > 2) break;
      kernel[to] = w.kernel[i];
      stride[to] = w.stride[i];
      dilation[to] = w.dilation[i];
      pad[to] = w.pad[i];
      pad_end[to] = w.pad_end[i];
    }
  }
};

class Summed : public OperatorReference {
 protected:
  explicit Summed(const ReferenceParts& p)
      : OperatorReference(p.output), p_(p), x_(*p.inputs[0]), window_(p.op->window) {}
  const float* parameter(std::size_t i) const {
    return i < p_.op->parameters.size() ? p_.values->parameters[at(p_.op->parameters[i])].data() : nullptr;
  }
  const double* line(std::int64_t n, std::int64_t c, std::int64_t d, std::int64_t h) const {
    const Extents& e = x_.extents;
    return x_.data.data() + (((n * e.c + c) * e.d + d) * e.h + h) * e.w;
  }
  static void start(std::vector<double>& out, std::vector<double>& size, const float* bias, std::int64_t c) {
    const double b = bias == nullptr ? 0 : static_cast<double>(bias[c]);
    std::ranges::fill(out, b);
    std::ranges::fill(size, std::abs(b));
  }
  ReferenceParts p_;
  const PlainTensor& x_;
  Window3 window_;
};

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

/// Batch, instance and group norm: (x - mean) / sqrt(variance + epsilon), then scale and shift.
class Norm : public Summed {
 public:
  explicit Norm(const ReferenceParts& p) : Summed(p) {
    gathered_ = p.op->kind == OpKind::batch_norm && !p.mode.training;
    if (!p.every_row || gathered_) return;
    for (std::int64_t n = 0; n < extents().n; ++n)
      for (std::int64_t c = 0; c < extents().c; ++c) shared_.push_back(moments(n, c));
  }

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const RowPlace r = row_place(extents(), index);
    const Moments m = shared_.empty() ? moments(r.n, r.c) : shared_[at(r.n * extents().c + r.c)];
    const double scale = parameter(0) == nullptr ? 1 : static_cast<double>(parameter(0)[r.c]);
    const double shift = parameter(1) == nullptr ? 0 : static_cast<double>(parameter(1)[r.c]);
    const double factor = scale / std::sqrt(m.variance + p_.op->epsilon);
    const double* in = line(r.n, r.c, r.d, r.h);
    for (std::int64_t i = 0; i < extents().w; ++i) {
      out[at(i)] = (in[i] - m.mean) * factor + shift;
      size[at(i)] = (std::abs(in[i]) + std::abs(m.mean)) * std::abs(factor) + std::abs(shift);
    }
  }

 private:
  struct Moments {
    double mean = 0, variance = 0;
  };

  Moments moments(std::int64_t n, std::int64_t c) const {
    const auto i = at(p_.index);
    if (gathered_)
      return {static_cast<double>(p_.values->mean[i][at(c)]),
              static_cast<double>(p_.values->variance[i][at(c)])};
    const bool batch = p_.op->kind == OpKind::batch_norm;
    const std::int64_t group = p_.op->kind == OpKind::group_norm ? extents().c / p_.op->groups : 1;
    const std::int64_t from_n = batch ? 0 : n, to_n = batch ? extents().n : n + 1, from_c = c / group * group;
    const std::int64_t plane = x_.extents.plane();
    const auto each = [&](const auto& use) {
      for (std::int64_t s = from_n; s < to_n; ++s)
        for (std::int64_t k = 0; k < group * plane; ++k) use(line(s, from_c, 0, 0)[k]);
    };
    const auto count = static_cast<double>((to_n - from_n) * group * plane);
    Moments m;
    each([&](double x) { m.mean += x / count; });
    each([&](double x) { m.variance += (x - m.mean) * (x - m.mean) / count; });
    return m;
  }

  bool gathered_ = false;
  std::vector<Moments> shared_;
};

class ResponseNorm : public Summed {
 public:
  explicit ResponseNorm(const ReferenceParts& p) : Summed(p) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const RowPlace r = row_place(extents(), index);
    const net::Response& f = p_.op->response;
    const std::int64_t from = std::max<std::int64_t>(0, r.c - (f.size - 1) / 2);
    const std::int64_t to = std::min(extents().c - 1, r.c + f.size / 2);
    for (std::int64_t i = 0; i < extents().w; ++i) {
      double squares = 0;
      for (std::int64_t c = from; c <= to; ++c) squares += std::pow(line(r.n, c, r.d, r.h)[i], 2);
      const double x = line(r.n, r.c, r.d, r.h)[i];
      out[at(i)] = x / std::pow(f.bias + f.alpha / static_cast<double>(f.size) * squares, f.beta);
      size[at(i)] = std::abs(x);
    }
  }
};

class Resize : public Summed {
 public:
  explicit Resize(const ReferenceParts& p) : Summed(p) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const RowPlace r = row_place(extents(), index);
    const Extents &in = x_.extents, &to = extents();
    const Blend d = blend(r.d, in.d, to.d), h = blend(r.h, in.h, to.h);
    for (std::int64_t i = 0; i < to.w; ++i) {
      const Blend w = blend(i, in.w, to.w);
      out[at(i)] = size[at(i)] = 0;
      for (int corner = 0; corner < 8; ++corner) {
        const int a = corner & 1, b = corner >> 1 & 1, c = corner >> 2 & 1;
        const double x = line(r.n, r.c, d.place[a], h.place[b])[w.place[c]];
        out[at(i)] += d.share[a] * h.share[b] * w.share[c] * x;
        size[at(i)] = std::max(size[at(i)], std::abs(x));
      }
    }
  }

 private:
  struct Blend {
    std::int64_t place[2] = {0, 0};
    double share[2] = {1, 0};
  };
  Blend blend(std::int64_t o, std::int64_t in, std::int64_t out) const {
    const double ratio = static_cast<double>(in) / static_cast<double>(out), place = static_cast<double>(o);
    if (!p_.op->linear_interpolation) {
      const auto i = std::min(in - 1, static_cast<std::int64_t>(std::floor(place * ratio)));
      return {{i, i}, {1, 0}};
    }
    double x = (place + 0.5) * ratio - 0.5;
    if (p_.op->grid == net::ResizeGrid::asymmetric) x = place * ratio;
    if (p_.op->grid == net::ResizeGrid::corners)
      x = out == 1 ? 0 : place * static_cast<double>(in - 1) / static_cast<double>(out - 1);
    x = std::clamp(x, 0.0, static_cast<double>(in - 1));
    const auto low = static_cast<std::int64_t>(std::floor(x));
    const double high = x - static_cast<double>(low);
    return {{low, std::min(in - 1, low + 1)}, {1 - high, high}};
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
    case OpKind::batch_norm:
    case OpKind::instance_norm:
    case OpKind::group_norm:
      return make<Norm>(p);
    case OpKind::local_response_norm:
      return make<ResponseNorm>(p);
    case OpKind::resize:
      return make<Resize>(p);
    default:
      return nullptr;
  }
}

}  // namespace ridgepoint
