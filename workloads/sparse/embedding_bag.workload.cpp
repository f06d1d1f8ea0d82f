// SPDX-License-Identifier: Apache-2.0
// Pooled look-ups of embedding rows in a table far beyond the caches.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/sparse/embedding_simd.h"
#include "workloads/sparse/row_roof.h"
#include "workloads/sparse/zipf.h"

namespace ridgepoint {
namespace {

struct Bags {
  std::shared_ptr<Team> team;
  Buffer table, ids, out;
  EmbeddingRows rows;
  std::size_t row_count, pool, bags;
};

/// Random words turned into numbers of size 0.5 to 2 by fixing their exponents; int8 rows get a scale of
/// their own and all 256 values.
void fill_table(const Bags& b, std::uint64_t seed, Share share) {
  auto* words = b.table.as<std::uint64_t>();
  const bool fp32 = b.rows.format == RowFormat::fp32, fp16 = b.rows.format == RowFormat::fp16;
  const std::uint64_t keep = fp32 ? 0x80FFFFFF80FFFFFFULL : fp16 ? 0x87FF87FF87FF87FFULL : ~0ULL;
  const std::uint64_t set = fp32 ? 0x3F0000003F000000ULL : fp16 ? 0x3800380038003800ULL : 0;
  const std::size_t row = row_byte(b.rows.format, b.rows.dim);
  for (std::size_t r = share.begin; r < share.end; ++r) {
    if (r % 4096 == 0 && Interrupt::requested()) return;
    for (std::size_t w = r * row / 8; w < (r + 1) * row / 8; ++w)
      words[w] = (random_bits(seed, w) & keep) | set;
  }
  if (b.rows.format != RowFormat::int8) return;
  for (std::size_t r = share.begin; r < share.end; ++r) {
    const float scale_bias[2] = {static_cast<float>((1 + random_unit(seed + 1, r)) / 256),
                                 static_cast<float>(random_unit(seed + 2, r))};
    std::memcpy(b.table.as<std::byte>() + r * row, scale_bias, sizeof scale_bias);
  }
}

void fill_ids(const Bags& b, std::uint64_t seed, double exponent) {
  const ZipfRanks ranks(b.row_count, exponent);
  const ScatteredIds scatter(b.row_count, seed);
  b.team->run([&](int i) {
    const Share s = share_of(b.pool * b.bags, i, b.team->size());
    for (std::size_t k = s.begin; k < s.end && (k % 4096 != 0 || !Interrupt::requested()); ++k)
      b.ids.as<std::uint32_t>()[k] = static_cast<std::uint32_t>(scatter(ranks(seed + 3, k)));
  });
  std::fill_n(b.ids.as<std::uint32_t>() + b.pool * b.bags, kEmbeddingAhead, 0U);
}

void sum_bags(const Bags& b) {
  b.team->run([&](int i) {
    const Share s = share_of(b.bags, i, b.team->size());
    embedding_bags(b.rows, b.ids.as<std::uint32_t>() + s.begin * b.pool, b.pool, s.end - s.begin,
                   b.out.as<float>() + s.begin * b.rows.dim);
  });
}

/// Largest |sum - reference| relative to the sum of |values|.
double worst_error(const Bags& b) {
  std::vector<double> worst(static_cast<std::size_t>(b.team->size()));
  b.team->run([&](int i) {
    const Share s = share_of(b.bags, i, b.team->size());
    for (std::size_t bag = s.begin; bag < s.end; ++bag)
      for (std::size_t c = 0; c < b.rows.dim; ++c) {
        double sum = 0, size = 0;
        for (std::size_t k = bag * b.pool; k < (bag + 1) * b.pool; ++k) {
          const double v = embedding_value(b.rows, b.ids.as<std::uint32_t>()[k], c);
          sum += v;
          size += std::abs(v);
        }
        auto& w = worst[static_cast<std::size_t>(i)];
        const double error = std::abs(sum - double{b.out.as<float>()[bag * b.rows.dim + c]});
        if (!(error <= w * size)) w = error / size;
      }
  });
  return *std::ranges::max_element(worst);
}

/// Lines of 64 B that a row touches, on average over the rows.
double lines_of(RowFormat format, std::size_t dim) {
  const std::size_t bytes = row_byte(format, dim);
  std::size_t lines = 0;
  for (std::size_t r = 0; r < 64; ++r) lines += ((r + 1) * bytes - 1) / 64 - r * bytes / 64 + 1;
  return static_cast<double>(lines) / 64;
}

Result<RowFormat> format_of(std::int64_t bits) {
  if (bits == 32) return RowFormat::fp32;
  if (bits == 16) return RowFormat::fp16;
  if (bits == 8) return RowFormat::int8;
  return fail(ErrorKind::bad_input, "bits=" + std::to_string(bits) + " is no row format", "",
              "choose bits=32 (fp32), 16 (fp16) or 8 (int8 with scale and bias)");
}

Result<Bags> make_bags(const KernelRequest& request) {
  const Shape& shape = request.shape;
  const auto format = format_of(shape["bits"]);
  if (!format) return tl::make_unexpected(format.error());
  const auto dim = static_cast<std::size_t>(shape["dim"]), rows = static_cast<std::size_t>(shape["rows"]);
  const auto pool = static_cast<std::size_t>(shape["pool"]), bags = static_cast<std::size_t>(shape["bags"]);
  if (dim % 16 != 0 || dim > 1024 || rows >> 32 != 0 || pool > 1 << 20)
    return fail(ErrorKind::bad_input, "this table is out of range",
                "dim must be a multiple of 16 up to 1024, rows below 2^32, pool up to 2^20",
                "see ridgepoint run --list for the default");
  const double bytes = static_cast<double>(rows) * static_cast<double>(row_byte(*format, dim)) +
                       4.0 * static_cast<double>(bags) * static_cast<double>(pool + dim);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "the table needs " + show_number(bytes) + " B, the limit is " +
                    show_number(request.memory_limit_byte) + " B",
                "", "raise --memory or choose fewer rows");
  auto table = Buffer::make(rows * row_byte(*format, dim)),
       ids = Buffer::make((bags * pool + kEmbeddingAhead) * 4), out = Buffer::make(bags * dim * 4);
  for (const auto* b : {&table, &ids, &out})
    if (!*b) return tl::make_unexpected(b->error());
  const EmbeddingRows view{table->as<std::byte>(), *format, dim};
  return Bags{std::make_shared<Team>(request.cpus),
              std::move(*table),
              std::move(*ids),
              std::move(*out),
              view,
              rows,
              pool,
              bags};
}

Result<Prepared> prepare(const KernelRequest& request) {
  auto made = make_bags(request);
  if (!made) return tl::make_unexpected(made.error());
  const auto b = std::make_shared<Bags>(std::move(*made));
  b->team->run([&](int i) { fill_table(*b, request.seed, share_of(b->row_count, i, b->team->size(), 64)); });
  fill_ids(*b, request.seed, static_cast<double>(request.shape["zipf"]) / 100);
  sum_bags(*b);

  Prepared p;
  const double error = worst_error(*b), tolerance = static_cast<double>(b->pool + 2) * 0x1.0p-24;
  p.verification = {error <= tolerance, "FP64 sums of all bags, error relative to the sum of sizes", error,
                    tolerance};
  const auto dim = static_cast<double>(b->rows.dim), bags = static_cast<double>(b->bags),
             lookups = bags * static_cast<double>(b->pool),
             row = static_cast<double>(row_byte(b->rows.format, b->rows.dim)),
             lines = lines_of(b->rows.format, b->rows.dim);
  p.cost = {.work_flop = lookups * dim * (b->rows.format == RowFormat::int8 ? 2 : 1),
            .read_byte = lookups * (row + 4),
            .written_byte = 4 * bags * dim,
            .random_access = lookups * lines};
  p.working_set_byte = static_cast<double>(b->table.bytes());
  p.dtype = b->rows.format == RowFormat::fp32 ? "fp32" : b->rows.format == RowFormat::fp16 ? "fp16" : "int8";
  p.isa = embedding_isa();
  if (b->table.bytes() >= 1 << 20)
    p.roof = random_row_roof(b->team, {b->table.as<std::byte>(), b->table.bytes()},
                             static_cast<std::size_t>(std::lround(lines)), lookups * lines);
  p.body = [b] { sum_bags(*b); };
  return p;
}

}  // namespace

extern const Kernel embedding_bag_workload;
const Kernel embedding_bag_workload{
    .id = "sparse/embedding-bag",
    .family = "sparse",
    .kernel_class = "embedding",
    .summary = "sums of random rows of an embedding table (bits=32|16|8; zipf in hundredths, 1 is uniform)",
    .default_shape = "bags=65536 bits=32 dim=64 pool=32 rows=4194304 zipf=1",
    .prepare = prepare};

}  // namespace ridgepoint
