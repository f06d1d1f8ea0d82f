// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/analytics/sort.h"
#include "workloads/roofs.h"

namespace ridgepoint {

inline std::int64_t random_item(std::int64_t /*type*/, std::uint64_t seed, std::size_t i) {
  return static_cast<std::int64_t>(random_bits(seed, i));
}
inline KeyPayload random_item(KeyPayload /*type*/, std::uint64_t seed, std::size_t i) {
  return {i, random_bits(seed, i)};
}

/// A number that depends on the item but not on its place: sums of it tell whether all items are still there.
inline std::uint64_t item_mark(std::int64_t item) { return random_bits(5, static_cast<std::uint64_t>(item)); }
inline std::uint64_t item_mark(const KeyPayload& item) {
  return random_bits(item.key, item.payload);  // the pair, not each for itself
}

/// Sorted, and the same items as before?
template <class Item>
bool sorted_whole(const Item* items, std::size_t n, std::uint64_t sum_before) {
  std::uint64_t sum = 0;
  bool ordered = true;
  for (std::size_t i = 0; i < n; ++i) {
    sum += item_mark(items[i]);
    ordered = ordered && (i == 0 || sort_key(items[i - 1]) <= sort_key(items[i]));
  }
  return ordered && sum == sum_before;
}

template <class Item>
struct SortCase {
  Buffer data, spare;
  std::size_t n;
  std::uint64_t seed;
  std::shared_ptr<Team> team;
  ParallelSort<Item> sort;

  SortCase(Buffer first, Buffer second, std::size_t items, std::uint64_t with, std::shared_ptr<Team> threads)
      : data(std::move(first)),
        spare(std::move(second)),
        n(items),
        seed(with),
        team(std::move(threads)),
        sort(team) {}
  void fill() {
    team->run([&](int index) {
      const Share s = share_of(n, index, team->size());
      for (std::size_t i = s.begin; i < s.end; ++i) data.as<Item>()[i] = random_item(Item{}, seed, i);
    });
  }
  void run() { sort.run(data.as<Item>(), spare.as<Item>(), n); }
};

/// The kernels analytics/sort (Item = std::int64_t) and analytics/sort-pairs (KeyPayload): `rows` items with
/// random keys. Roof: copying as many bytes as the sort moves.
template <class Item>
Result<Prepared> prepare_sort(const KernelRequest& request) {
  const auto n = static_cast<std::size_t>(request.shape["rows"]);
  const double items = static_cast<double>(n), bytes = items * sizeof(Item);
  constexpr std::size_t kRoofEach = 64U << 20;
  if (2 * bytes + 3 * kRoofEach > request.memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "sorting " + show_number(items) + " items needs " + show_bytes(2 * bytes),
                "the limit is " + show_bytes(request.memory_limit_byte), "--memory BYTES, or fewer rows");
  auto data = Buffer::make(n * sizeof(Item)), spare = Buffer::make(n * sizeof(Item));
  for (const auto* b : {&data, &spare})
    if (!*b) return tl::make_unexpected(b->error());
  auto team = std::make_shared<Team>(request.cpus);
  const auto job =
      std::make_shared<SortCase<Item>>(std::move(*data), std::move(*spare), n, request.seed, team);
  job->fill();
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += item_mark(job->data.template as<Item>()[i]);
  job->run();

  Prepared p;
  const bool right = sorted_whole(job->data.template as<Item>(), n, sum);
  p.verification = {right, "order of all items, and the sum of a mark of each, exact", right ? 0.0 : 1.0, 0};
  using Sort = ParallelSort<Item>;
  p.cost = {.work_flop = 0,
            .read_byte = Sort::kReadsEach * bytes,
            .written_byte = Sort::kWritesEach * bytes,
            .integer_op = Sort::kOpsEach * items};
  auto roof = copy_roof(team, kRoofEach, p.cost.read_byte + p.cost.written_byte);
  if (!roof) return tl::make_unexpected(roof.error());
  p.roof = std::move(*roof);
  p.working_set_byte = 2 * bytes;
  p.dtype = sizeof(Item) == 8 ? "int64" : "uint64 key, uint64 payload";
  p.isa = sort_isa();
  p.reset = [job] { job->fill(); };
  p.body = [job] { job->run(); };
  return p;
}

}  // namespace ridgepoint
