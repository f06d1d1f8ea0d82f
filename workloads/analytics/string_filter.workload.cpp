// SPDX-License-Identifier: Apache-2.0
// How many strings of a column hold a substring: LIKE '%pattern%'.
#include <algorithm>
#include <numeric>
#include <string_view>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/analytics/search_simd.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

const std::string kPattern = "special requests";
constexpr std::size_t kShortest = 20, kLongest = 60;  ///< bytes of a string

/// Strings one behind the other; string r is text[start[r], start[r + 1]).
struct Strings {
  Buffer text, start;
  std::size_t rows;
  std::shared_ptr<Team> team;
  std::vector<std::int64_t> count;  ///< one cache line a member

  const char* chars() const { return text.as<char>(); }
  const std::uint64_t* at() const { return start.as<std::uint64_t>(); }

  /// The text is searched as a whole, across the ends of strings; a find is then given to its string.
  std::int64_t run() {
    team->run([&](int i) {
      const Share s = share_of(rows, i, team->size(), 64);
      std::int64_t found = 0;
      std::size_t row = s.begin;
      for (std::uint64_t place = at()[s.begin]; row < s.end;) {
        place = text_find(chars(), place, at()[s.end], kPattern);
        if (place == at()[s.end]) break;
        while (at()[row + 1] <= place) ++row;
        const bool inside = place + kPattern.size() <= at()[row + 1];
        found += inside ? 1 : 0;
        place = inside ? at()[row + 1] : place + 1;
      }
      count[static_cast<std::size_t>(i) * 8] = found;
    });
    return std::accumulate(count.begin(), count.end(), std::int64_t{0});
  }
};

std::size_t length_of(std::uint64_t seed, std::size_t row) {
  return kShortest + random_below(seed + 1, row, kLongest - kShortest + 1);
}

/// Words in the alphabet of English; every fiftieth string or so holds the pattern, others pieces of it.
void fill_string(std::uint64_t seed, std::size_t row, char* to, std::size_t length) {
  static constexpr std::string_view kLetters = "etaoinshrdlucmwfgypbvk  etaoins ";
  for (std::size_t i = 0; i < length; i += 8)
    for (std::size_t k = i; k < std::min(length, i + 8); ++k)
      to[k] = kLetters[(random_bits(seed + 2, row * 8 + i / 8) >> (8 * (k - i))) & 31];
  const std::uint32_t kind = random_below(seed + 3, row, 100);
  const std::size_t place =
      random_below(seed + 4, row, static_cast<std::uint32_t>(length - kPattern.size() + 1));
  if (kind < 2) std::copy(kPattern.begin(), kPattern.end(), to + place);
  if (kind == 2) std::copy(kPattern.begin(), kPattern.end() - 1, to + place);
}

std::int64_t slow_count(const Strings& s) {
  std::int64_t found = 0;
  for (std::size_t r = 0; r < s.rows; ++r)
    found += std::string_view(s.chars() + s.at()[r], s.at()[r + 1] - s.at()[r]).find(kPattern) !=
             std::string_view::npos;
  return found;
}

Result<Prepared> prepare(const KernelRequest& request) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]);
  const double most = static_cast<double>(rows) * (kLongest + 8);
  if (most > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the strings need up to " + show_bytes(most), "",
                "--memory BYTES, or fewer rows");
  auto start = Buffer::make((rows + 1) * 8);
  if (!start) return tl::make_unexpected(start.error());
  auto* at = start->as<std::uint64_t>();
  at[0] = 0;
  for (std::size_t r = 0; r < rows; ++r) at[r + 1] = at[r] + length_of(request.seed, r);
  auto text = Buffer::make(at[rows] + kTextPad);
  if (!text) return tl::make_unexpected(text.error());
  auto team = std::make_shared<Team>(request.cpus);
  const auto s = std::make_shared<Strings>(Strings{std::move(*text), std::move(*start), rows, team,
                                                   std::vector<std::int64_t>(request.cpus.size() * 8)});
  team->run([&](int i) {
    const Share share = share_of(rows, i, team->size(), 64);
    for (std::size_t r = share.begin; r < share.end; ++r)
      fill_string(request.seed, r, s->text.as<char>() + s->at()[r], s->at()[r + 1] - s->at()[r]);
  });

  Prepared p;
  const std::int64_t fast = s->run(), slow = slow_count(*s);
  const bool right = fast == slow;
  p.verification = {right, "the standard library's find in every string, exact", right ? 0.0 : 1.0, 0};
  const auto text_byte = static_cast<double>(s->at()[rows]),
             bytes = text_byte + 8.0 * static_cast<double>(rows);
  p.cost = {.work_flop = 0, .read_byte = bytes, .written_byte = 0, .integer_op = 3 * text_byte};
  p.roof = read_roof(team, {{s->chars(), s->at()[rows]}, {s->at(), rows * 8}}, bytes);
  p.working_set_byte = bytes;
  p.dtype = "text";
  p.isa = search_isa();
  p.body = [s] { s->run(); };
  return p;
}

}  // namespace

extern const Kernel string_filter_workload;
const Kernel string_filter_workload{.id = "analytics/string-filter",
                                    .family = "analytics",
                                    .kernel_class = "column-scan",
                                    .summary = "strings of 20 to 60 bytes that hold a substring",
                                    .default_shape = "rows=1048576",
                                    .prepare = prepare};

}  // namespace ridgepoint
