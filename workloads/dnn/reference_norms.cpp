// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "workloads/dnn/reference_parts.h"

namespace ridgepoint {
namespace {

using net::OpKind;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

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
    const Blend d = blend(*p_.op, r.d, in.d, to.d), h = blend(*p_.op, r.h, in.h, to.h);
    for (std::int64_t i = 0; i < to.w; ++i) {
      const Blend w = blend(*p_.op, i, in.w, to.w);
      out[at(i)] = size[at(i)] = 0;
      for (int corner = 0; corner < 8; ++corner) {
        const int a = corner & 1, b = corner >> 1 & 1, c = corner >> 2 & 1;
        const double x = line(r.n, r.c, d.place[a], h.place[b])[w.place[c]];
        out[at(i)] += d.share[a] * h.share[b] * w.share[c] * x;
        size[at(i)] = std::max(size[at(i)], std::abs(x));
      }
    }
  }
};

}  // namespace

std::unique_ptr<OperatorReference> norms_and_resizes(const ReferenceParts& p) {
  switch (p.op->kind) {
    case OpKind::batch_norm:
    case OpKind::instance_norm:
    case OpKind::group_norm:
      return std::make_unique<Norm>(p);
    case OpKind::local_response_norm:
      return std::make_unique<ResponseNorm>(p);
    case OpKind::resize:
      return std::make_unique<Resize>(p);
    default:
      return nullptr;
  }
}

}  // namespace ridgepoint
