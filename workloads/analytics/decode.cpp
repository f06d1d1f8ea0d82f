// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/decode.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/analytics/bit_pack.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBatch = 4;  ///< groups decoded at once: 16 KiB of numbers

constexpr std::uint32_t kMeanRun = 16;  ///< lengths are uniform in 1 .. 31
constexpr std::size_t kRunBatch = 128;  ///< runs, so at most 3968 numbers

/// An encoded column; a member's share begins with a group, and with a run of its own.
struct Column {
  Encoding encoding;
  std::size_t groups;
  int bits;
  Buffer words;                           ///< packed numbers or codes, or the runs
  std::vector<std::uint32_t> dictionary;  ///< 2^bits numbers
  std::vector<std::size_t> first_run;     ///< of each member, and the end
  std::shared_ptr<Team> team;
  std::vector<std::uint64_t> sum;  ///< one cache line a member

  std::uint64_t run() {
    team->run([&](int i) {
      sum[static_cast<std::size_t>(i) * 8] = encoding == Encoding::runs ? runs(i) : packed(i);
    });
    return std::accumulate(sum.begin(), sum.end(), std::uint64_t{0});
  }

 private:
  using Batch = std::array<std::uint32_t, kBatch * kPackGroup + kRunOver>;

  std::uint64_t packed(int member) const {
    alignas(64) Batch out;
    const Share s = share_of(groups, member, team->size());
    std::uint64_t sum_here = 0;
    for (std::size_t g = s.begin; g < s.end; g += kBatch) {
      const std::size_t n = std::min(kBatch, s.end - g);
      const auto* from = words.as<std::uint32_t>() + g * packed_word(bits);
      if (encoding == Encoding::bits)
        unpack_groups(from, n, bits, out.data());
      else
        unpack_dictionary(from, n, bits, dictionary.data(), out.data());
      sum_here += sum_numbers(out.data(), n * kPackGroup);
    }
    return sum_here;
  }

  std::uint64_t runs(int member) const {
    alignas(64) Batch out;
    const auto* run = words.as<NumberRun>();
    const std::size_t end = first_run[static_cast<std::size_t>(member) + 1];
    std::uint64_t sum_here = 0;
    for (std::size_t r = first_run[static_cast<std::size_t>(member)]; r < end; r += kRunBatch)
      sum_here += sum_numbers(out.data(), expand_runs(run + r, std::min(kRunBatch, end - r), out.data()));
    return sum_here;
  }
};

std::uint32_t number_of(std::uint64_t seed, std::size_t i, int bits) {
  return static_cast<std::uint32_t>(random_bits(seed, i) >> (64 - bits));
}

/// The reference is reckoned from the numbers before they are encoded.
std::uint64_t encode_packed(Column& c, std::uint64_t seed) {
  std::vector<std::uint64_t> sums(c.sum.size());
  c.team->run([&](int member) {
    const Share s = share_of(c.groups, member, c.team->size());
    std::array<std::uint32_t, kPackGroup> numbers{};
    for (std::size_t g = s.begin; g < s.end; ++g) {
      for (std::size_t i = 0; i < kPackGroup; ++i) {
        numbers[i] = number_of(seed, g * kPackGroup + i, c.bits);
        sums[static_cast<std::size_t>(member) * 8] +=
            c.encoding == Encoding::dictionary ? c.dictionary[numbers[i]] : numbers[i];
      }
      pack_group(numbers.data(), c.bits, c.words.as<std::uint32_t>() + g * packed_word(c.bits));
    }
  });
  return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

std::uint64_t encode_runs(Column& c, std::uint64_t seed, std::size_t runs) {
  std::uint64_t sum = 0;
  for (std::size_t r = 0; r < runs; ++r) {
    const NumberRun one{number_of(seed, r, c.bits), 1 + random_below(seed + 1, r, 2 * kMeanRun - 1)};
    c.words.as<NumberRun>()[r] = one;
    sum += std::uint64_t{one.number} * one.length;
  }
  for (int i = 0; i < c.team->size(); ++i) c.first_run.push_back(share_of(runs, i, c.team->size()).begin);
  c.first_run.push_back(runs);
  return sum;
}

}  // namespace

Result<Prepared> prepare_decode(const KernelRequest& request, Encoding encoding) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]);
  const std::int64_t bits = encoding == Encoding::runs ? 31 : request.shape["bits"];
  const std::int64_t most = encoding == Encoding::dictionary ? 16 : 31;
  if (bits > most || rows % kPackGroup != 0)
    return fail(ErrorKind::bad_input,
                "rows are not whole groups of 1024, or bits are more than " + std::to_string(most), "",
                "for example rows=1048576 bits=12");
  const std::size_t runs = rows / kMeanRun;
  const std::size_t bytes = encoding == Encoding::runs
                                ? runs * sizeof(NumberRun)
                                : rows / kPackGroup * packed_byte(static_cast<int>(bits));
  if (static_cast<double>(bytes) > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the column needs " + show_bytes(static_cast<double>(bytes)), "",
                "--memory BYTES, or fewer rows");
  auto words = Buffer::make(bytes);
  if (!words) return tl::make_unexpected(words.error());
  auto team = std::make_shared<Team>(request.cpus);
  const auto c = std::make_shared<Column>(Column{encoding,
                                                 rows / kPackGroup,
                                                 static_cast<int>(bits),
                                                 std::move(*words),
                                                 {},
                                                 {},
                                                 team,
                                                 std::vector<std::uint64_t>(request.cpus.size() * 8)});
  if (encoding == Encoding::dictionary)
    for (std::size_t i = 0; i < std::size_t{1} << bits; ++i)
      c->dictionary.push_back(number_of(request.seed + 7, i, 31));
  const std::uint64_t slow =
      encoding == Encoding::runs ? encode_runs(*c, request.seed, runs) : encode_packed(*c, request.seed);

  Prepared p;
  const bool right = c->run() == slow;
  p.verification = {right, "sum of the numbers before they were encoded, exact", right ? 0.0 : 1.0, 0};
  // Operations a number: 4 to unpack and 1 to add; a look-up is one gather more; of runs 1 store and 1 to
  // add.
  const double each = encoding == Encoding::bits ? 5 : encoding == Encoding::dictionary ? 6 : 2;
  p.cost = {.work_flop = 0,
            .read_byte = static_cast<double>(bytes),
            .written_byte = 0,
            .integer_op = each * static_cast<double>(rows)};
  p.roof = read_roof(team, {{c->words.as<char>(), bytes}}, static_cast<double>(bytes));
  p.working_set_byte = static_cast<double>(bytes);
  p.dtype = "uint32";
  p.isa = bit_pack_isa();
  p.body = [c] { c->run(); };
  return p;
}

}  // namespace ridgepoint
