// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/radix_partition.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "model/core/ports.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBetweenChecks = 1 << 16;  ///< rows between two looks at Ctrl-C

}  // namespace

RadixPartition::RadixPartition(Buffer tuples, Buffer lines, int bits, int members)
    : tuples_(std::move(tuples)),
      lines_(std::move(lines)),
      bits_(bits),
      members_(members),
      stride_((std::size_t{1} << bits) + 16),
      counts_(stride_ * static_cast<std::size_t>(members)),
      begin_(counts_.size()) {}

Result<RadixPartition> RadixPartition::make(std::size_t rows, int bits, int members) {
  const std::size_t pieces = (std::size_t{1} << bits) * static_cast<std::size_t>(members);
  auto tuples = Buffer::make((rows + pieces * kLineTuples) * sizeof(Tuple));
  auto lines = Buffer::make(pieces * 64);
  for (const auto* b : {&tuples, &lines})
    if (!*b) return tl::make_unexpected(b->error());
  return RadixPartition(std::move(*tuples), std::move(*lines), bits, members);
}

RadixPartition::Piece RadixPartition::piece(std::size_t partition, std::size_t member) const {
  const std::size_t at = member * stride_ + partition;
  return {tuples_.as<Tuple>() + begin_[at], counts_[at] - begin_[at]};
}

void RadixPartition::count(int member, const KeyColumns& columns, Share share) {
  std::uint64_t* const n = counts(member);
  const int bits = bits_;
  std::fill_n(n, partitions(), 0);
  for (std::size_t i = share.begin; i < share.end; ++i) ++n[partition_of(columns.key[i], bits)];
}

void RadixPartition::scatter(int member, const KeyColumns& columns, Share share) {
  const auto m = static_cast<std::size_t>(member);
  const ScatterTarget target{counts(member), lines_.as<Tuple>() + m * partitions() * kLineTuples,
                             tuples_.as<Tuple>()};
  std::copy_n(begin_.data() + m * stride_, partitions(), target.cursor);
  for (std::size_t i = share.begin; i < share.end && !Interrupt::requested(); i += kBetweenChecks)
    scatter_rows(columns.key + i, columns.value + i, std::min(kBetweenChecks, share.end - i), bits_, target);
  scatter_rest(bits_, target);
}

void RadixPartition::run(Team& team, const KeyColumns& columns) {
  const auto share = [&](int i) { return share_of(columns.rows, i, team.size(), 4096); };
  team.run([&](int i) { count(i, columns, share(i)); });
  std::uint64_t at = 0;
  for (std::size_t p = 0; p < partitions(); ++p)
    for (int m = 0; m < members_; ++m) {
      begin_[static_cast<std::size_t>(m) * stride_ + p] = at;
      at += (counts(m)[p] + kLineTuples - 1) / kLineTuples * kLineTuples;  // pieces begin at a line
    }
  team.run([&](int i) { scatter(i, columns, share(i)); });
}

double second_level_cache_byte() {
  std::ifstream file("/sys/devices/system/cpu/cpu0/cache/index2/size");
  double size = 0;
  char unit = 0;
  file >> size >> unit;
  if (!file || size <= 0) return 1 << 20;
  return unit == 'M' ? size * (1 << 20) : size * 1024;
}

int partition_bits(double bytes) {
  const double parts = bytes / (0.75 * second_level_cache_byte());
  return static_cast<int>(std::clamp(std::ceil(std::log2(std::max(parts, 1.0))), 0.0, 11.0));
}

}  // namespace ridgepoint
