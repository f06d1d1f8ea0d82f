// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/conv_kernel.h"

#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/core/random.h"
#include "model/core/text.h"
#include "model/networks/builder.h"
#include "workloads/dnn/executor.h"
#include "workloads/dnn/reference.h"

namespace ridgepoint {
namespace {

constexpr int kRows = 48, kSums = 24;

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

std::vector<float> random_floats(const net::Shape& shape, std::uint64_t seed) {
  std::vector<float> out(at(net::elements(shape)));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(random_unit(seed, i) - 0.5);
  return out;
}

struct Worst {
  double error = 0;
  void see(double got, double want, double size) {
    const double e = std::abs(got - want) / std::max(size, 1e-30);
    error = std::isnan(e) ? HUGE_VAL : std::max(error, e);
  }
};

/// Rows of a (transposed) convolution by the definition. The gradient by the source is the transposed
/// convolution of the destination's with the same weights.
Result<double> rows_error(const ConvCase& c, Direction direction, const ConvData& data,
                          const std::vector<float>& got) {
  const bool forward = direction == Direction::forward;
  net::Builder b("case");
  const net::TensorId x = b.input("x", forward ? c.source : c.destination);
  net::ConvSpec spec{.channels = forward ? c.weights[0] : c.source[1],
                     .window = c.window,
                     .bias = false,
                     .groups = c.groups};
  if (!forward) spec.window.grow_end.clear();
  if (!forward)
    for (std::size_t i = 0; i < c.window.kernel.size(); ++i) {
      const std::int64_t reach = c.window.dilation[i] * (c.window.kernel[i] - 1) + 1;
      const std::int64_t made = (c.destination[i + 2] - 1) * c.window.stride[i] - 2 * c.window.pad[i] + reach;
      spec.window.grow_end.push_back(c.source[i + 2] - made);
    }
  b.output(forward ? b.conv(x, "conv", spec) : b.conv_transposed(x, "conv", spec));
  const auto graph = b.finish();
  if (!graph) return tl::make_unexpected(graph.error());
  const std::vector<float>& in = forward ? data.source : data.destination;
  const NetworkValues values{.parameters = {data.weights}, .mean = {}, .variance = {}, .inputs = {}};
  const PlainTensor plain{extents_of(graph->tensors[0].shape), {in.begin(), in.end()}};
  const auto reference = operator_reference(*graph, values, {}, 0, {&plain}, false);
  if (!reference) return tl::make_unexpected(reference.error());
  const Extents e = extents_of(graph->tensors[1].shape);
  std::vector<double> row(at(e.w)), size(row.size());
  Worst worst;
  for (std::uint64_t k = 0; k < kRows; ++k) {
    std::int64_t r = k == 0 ? 0 : e.rows() - 1;
    if (k > 1) r = static_cast<std::int64_t>(random_bits(7, k) % static_cast<std::uint64_t>(e.rows()));
    (*reference)->row(r, row, size);
    for (std::size_t i = 0; i < row.size(); ++i)
      worst.see(static_cast<double>(got[at(r * e.w) + i]), row[i], size[i]);
  }
  return worst.error;
}

/// Single weights' gradients: sums over all places.
double sums_error(const ConvCase& c, const ConvData& data, const std::vector<float>& got) {
  const Extents in = extents_of(c.source), out = extents_of(c.destination), w = extents_of(c.weights);
  const auto axis = [&](const net::Shape& list, std::size_t from_end, std::int64_t otherwise) {
    return from_end < list.size() ? list[list.size() - 1 - from_end] : otherwise;
  };
  Worst worst;
  for (std::uint64_t k = 0; k < kSums; ++k) {
    const auto flat = static_cast<std::int64_t>(random_bits(9, k) % static_cast<std::uint64_t>(w.all()));
    const std::int64_t kx = flat % w.w, ky = flat / w.w % w.h, kz = flat / w.w / w.h % w.d,
                       i = flat / w.plane() % w.c, o = flat / w.plane() / w.c;
    const std::int64_t channel = o / (out.c / c.groups) * w.c + i;
    double sum = 0, size = 0;
    for (std::int64_t p = 0; p < out.n * out.plane(); ++p) {
      const std::int64_t n = p / out.plane(), x = p % out.w, y = p / out.w % out.h,
                         z = p / out.w / out.h % out.d;
      const auto from = [&](std::int64_t place, std::int64_t tap, std::size_t from_end) {
        return place * axis(c.window.stride, from_end, 1) - axis(c.window.pad, from_end, 0) +
               tap * axis(c.window.dilation, from_end, 1);
      };
      const std::int64_t ix = from(x, kx, 0), iy = from(y, ky, 1), iz = from(z, kz, 2);
      if (ix < 0 || iy < 0 || iz < 0 || ix >= in.w || iy >= in.h || iz >= in.d) continue;
      const double term =
          static_cast<double>(data.source[at((((n * in.c + channel) * in.d + iz) * in.h + iy) * in.w + ix)]) *
          static_cast<double>(data.destination[at((((n * out.c + o) * out.d + z) * out.h + y) * out.w + x)]);
      sum += term;
      size += std::abs(term);
    }
    worst.see(static_cast<double>(got[at(flat)]), sum, size);
  }
  return worst.error;
}

}  // namespace

Result<ConvCase> conv_case(const Shape& s) {
  const bool flat = s["d"] == 1 && s["kd"] == 1;
  const auto spatial = [&](const char* d, const char* h, const char* w) {
    return flat ? net::Shape{s[h], s[w]} : net::Shape{s[d], s[h], s[w]};
  };
  net::Window window{
      .kernel = spatial("kd", "kh", "kw"), .stride = {s["stride"]}, .dilation = {s["dilation"]}, .pad = {}};
  for (const std::int64_t k : window.kernel)
    window.pad.push_back(s["border"] == 1 ? s["dilation"] * (k - 1) / 2 : 0);
  net::Shape source{s["batch"], s["ic"]};
  for (const std::int64_t extent : spatial("d", "h", "w")) source.push_back(extent);
  net::Builder b("case");
  b.conv(b.input("x", source), "conv",
         {.channels = s["oc"], .window = window, .bias = false, .groups = s["groups"]});
  const auto graph = b.finish();
  if (!graph)
    return fail(ErrorKind::bad_input, "the shape '" + s.text() + "' is not one this kernel runs",
                graph.error().what, "choose another shape");
  const net::Operator& op = graph->operators[0];
  ConvCase c{source, graph->tensors[1].shape, graph->parameters[0].shape, op.window, op.groups, 0};
  c.macs = static_cast<double>(net::elements(c.destination)) *
           static_cast<double>(net::elements(c.weights) / c.weights[0]);
  return c;
}

Result<Prepared> prepare_conv(const KernelRequest& request, Direction direction) {
  const auto c = conv_case(request.shape);
  if (!c) return tl::make_unexpected(c.error());
  const auto bytes = [](const net::Shape& s) { return 4 * static_cast<double>(net::elements(s)); };
  const double each[3] = {bytes(c->source), bytes(c->weights), bytes(c->destination)};
  // Plain and laid out, and the reference's doubles.
  if (const double all = 4 * (each[0] + each[1] + each[2]); all > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "this convolution needs " + show_bytes(all) + " with its check",
                "the limit is " + show_bytes(request.memory_limit_byte),
                "choose a smaller shape or give --memory");
  const ConvData data{random_floats(c->source, request.seed), random_floats(c->weights, request.seed + 1),
                      random_floats(c->destination, request.seed + 2)};
  const auto threads = static_cast<int>(request.cpus.size());
  auto made = make_conv_run(*c, direction, threads, data);
  if (!made) return tl::make_unexpected(made.error());
  const std::shared_ptr<ConvRun> run = std::move(*made);
  run->execute();
  const std::vector<float> got = run->result();
  double terms = static_cast<double>(net::elements(c->weights) / c->weights[0]), error = 0;
  if (direction == Direction::backward_weights) {
    terms = static_cast<double>(net::elements(c->destination) / c->destination[1]);
    error = sums_error(*c, data, got);
  } else {
    const auto rows = rows_error(*c, direction, data, got);
    if (!rows) return tl::make_unexpected(rows.error());
    error = *rows;
  }
  Prepared p;
  const double tolerance = 4 * std::sqrt(terms) * 0x1.0p-24;
  p.verification = {error <= tolerance,
                    direction == Direction::backward_weights
                        ? "24 sums by the definition in double, error relative to sum |x y|"
                        : "48 rows by the definition in double, error relative to sum |x w|",
                    error, tolerance};
  const std::size_t written = direction == Direction::forward         ? 2
                              : direction == Direction::backward_data ? 0
                                                                      : 1;
  // Every tap counts, padding included; each tensor moves once.
  p.cost = {.work_flop = 2 * c->macs,
            .read_byte = each[0] + each[1] + each[2] - each[written],
            .written_byte = each[written]};
  p.working_set_byte = p.cost.read_byte + p.cost.written_byte;
  p.dtype = "fp32";
  p.isa = run->implementation();
  if (starts_with(p.isa, "ref"))
    p.warnings.push_back({"onednn-reference",
                          "oneDNN fell to its reference implementation '" + p.isa + "' for this shape",
                          "use channels that are multiples of 16"});
  p.roof = matmul_roof(threads, net::Element::fp32, p.cost.work_flop);
  p.body = [run] { run->execute(); };
  return p;
}

}  // namespace ridgepoint
