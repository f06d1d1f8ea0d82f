// SPDX-License-Identifier: Apache-2.0
#include "workloads/roofs.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <utility>

#include "model/core/buffer.h"
#include "model/core/random.h"
#include "model/core/simd_gather.h"
#include "model/core/simd_stream.h"

namespace ridgepoint {
namespace {

constexpr double kRate_s = 0.02;
constexpr std::size_t kLine = 64, kWords = kLine / sizeof(std::uint64_t);
constexpr std::size_t kAhead = 64;  ///< prefetches under way: a load that waits blocks the reorder buffer

std::atomic<std::uint64_t> sink;  ///< results go here, so that no loop is removed

/// Calls turn(member, round) on all members until `kRate_s` have passed; units of one round / its mean time.
double rate_of(Team& team, double units, const std::function<void(int, std::uint64_t)>& turn) {
  static std::atomic<std::uint64_t> round{0};  // other random places in every round
  double seconds = 0, done = 0;
  while (seconds < kRate_s) {
    const std::uint64_t r = ++round;
    seconds += team.timed_run([&](int i) { turn(i, r); });
    done += units;
  }
  return done / seconds;
}

Area whole_lines(Area a) {
  const auto begin = reinterpret_cast<std::uintptr_t>(a.data);
  const std::uintptr_t first = (begin + kLine - 1) / kLine * kLine, last = (begin + a.bytes) / kLine * kLine;
  const std::size_t bytes = last > first ? (last - first) / (kStreamGrain * 8) * (kStreamGrain * 8) : 0;
  return {reinterpret_cast<const void*>(first), bytes};
}

const StreamKernel& pattern(const char* name) {
  return *std::ranges::find(stream_kernels(), std::string(name), &StreamKernel::name);
}

struct Arrays {
  std::shared_ptr<Team> team;
  Buffer a, b, c;
  std::size_t n;
};

Result<AdjacentRoof> stream_roof(const char* name, std::shared_ptr<Team> team, std::size_t bytes_each,
                                 double quantity) {
  const std::size_t n = std::max<std::size_t>(bytes_each / 8 / kStreamGrain, 1) * kStreamGrain;
  auto a = Buffer::make(n * 8), b = Buffer::make(n * 8), c = Buffer::make(n * 8);
  for (const auto* x : {&a, &b, &c})
    if (!*x) return tl::make_unexpected(x->error());
  const auto arrays =
      std::make_shared<Arrays>(Arrays{std::move(team), std::move(*a), std::move(*b), std::move(*c), n});
  arrays->team->run([&](int i) {
    const Share s = share_of(n, i, arrays->team->size(), kStreamGrain);
    for (std::size_t k = s.begin; k < s.end; ++k) {
      arrays->a.as<double>()[k] = random_unit(1, k);
      arrays->b.as<double>()[k] = random_unit(2, k);
      arrays->c.as<double>()[k] = 0;
    }
  });
  const StreamKernel& kernel = pattern(name);
  const double bytes = kernel.bytes_per_element() * static_cast<double>(n);
  return AdjacentRoof{name, "B/s", quantity, [arrays, &kernel, bytes] {
                        return rate_of(*arrays->team, bytes, [&](int i, std::uint64_t) {
                          const Share s = share_of(arrays->n, i, arrays->team->size(), kStreamGrain);
                          if (s.begin == s.end) return;
                          StreamArgs args{.a = arrays->a.as<double>() + s.begin,
                                          .b = arrays->b.as<double>() + s.begin,
                                          .c = arrays->c.as<double>() + s.begin,
                                          .n = s.end - s.begin,
                                          .factor = 3};
                          kernel.streamed(args);
                        });
                      }};
}

std::uint64_t sum_of_lines(const std::uint64_t* words, std::size_t mask, std::uint64_t seed,
                           std::size_t count) {
  std::array<const std::uint64_t*, kAhead> asked{};
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count + kAhead; ++i) {
    if (i >= kAhead) sum += *asked[i % kAhead];
    if (i >= count) continue;
    const std::uint64_t* const place = words + (random_bits(seed, i) & mask) * kWords;
    __builtin_prefetch(place);
    asked[i % kAhead] = place;
  }
  return sum;
}

}  // namespace

AdjacentRoof read_roof(std::shared_ptr<Team> team, std::vector<Area> areas, double quantity) {
  double bytes = 0;
  for (Area& a : areas) {
    a = whole_lines(a);
    bytes += static_cast<double>(a.bytes);
  }
  if (bytes == 0) return {"read", "B/s", quantity, {}};
  return {"read", "B/s", quantity, [team = std::move(team), areas = std::move(areas), bytes] {
            return rate_of(*team, bytes, [&](int i, std::uint64_t) {
              std::uint64_t parity = 0;
              for (const Area& a : areas) {
                const Share s = share_of(a.bytes / 8, i, team->size(), kStreamGrain);
                if (s.begin < s.end)
                  parity ^= read_parity(static_cast<const double*>(a.data) + s.begin, s.end - s.begin);
              }
              sink ^= parity;
            });
          }};
}

Result<AdjacentRoof> copy_roof(std::shared_ptr<Team> team, std::size_t bytes_each, double quantity) {
  return stream_roof("copy", std::move(team), bytes_each, quantity);
}

Result<AdjacentRoof> triad_roof(std::shared_ptr<Team> team, std::size_t bytes_each, double quantity) {
  return stream_roof("triad", std::move(team), bytes_each, quantity);
}

AdjacentRoof gather_roof(std::shared_ptr<Team> team, Area table, std::size_t element_byte, double quantity) {
  const std::size_t mask = std::bit_floor(table.bytes / element_byte) - 1, count = 512 * kGatherStep;
  const double units = static_cast<double>(count) * team->size();
  return {"gather", "1/s", quantity, [team = std::move(team), table, element_byte, mask, units] {
            return rate_of(*team, units, [&](int i, std::uint64_t round) {
              const std::uint64_t seed = round * 1024 + static_cast<std::uint64_t>(i);
              sink += element_byte == 4
                          ? gather_sum(static_cast<const std::uint32_t*>(table.data),
                                       static_cast<std::uint32_t>(mask), seed, count)
                          : gather_sum(static_cast<const std::uint64_t*>(table.data), mask, seed, count);
            });
          }};
}

AdjacentRoof random_line_roof(std::shared_ptr<Team> team, Area table, double quantity) {
  const std::size_t mask = std::bit_floor(table.bytes / kLine) - 1, count = 1 << 19;
  const double units = static_cast<double>(count) * team->size();
  return {"random-line", "1/s", quantity, [team = std::move(team), table, mask, units] {
            return rate_of(*team, units, [&](int i, std::uint64_t round) {
              sink += sum_of_lines(static_cast<const std::uint64_t*>(table.data), mask,
                                   round * 1024 + static_cast<std::uint64_t>(i), count);
            });
          }};
}

}  // namespace ridgepoint
