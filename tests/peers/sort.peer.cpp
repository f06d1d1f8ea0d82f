// SPDX-License-Identifier: Apache-2.0
// Ours beside oneTBB's parallel sort, Highway's VQSort and the standard library's sort: the same random keys,
// the answers compared item by item before the times. Peers: libtbb-dev, libhwy-dev.
#include <tbb/global_control.h>
#include <tbb/parallel_sort.h>
#include <tbb/version.h>

#include <algorithm>
#include <cstring>

#include "model/core/random.h"
#include "tests/peers/record.h"
#include "workloads/analytics/sort_kernel.h"

namespace ridgepoint::peers {
namespace {

constexpr std::size_t kShort = 20000000;  ///< up to it std::sort is not too slow to be asked (--scale 0.1)

struct ByKey {
  bool operator()(std::int64_t a, std::int64_t b) const { return a < b; }
  bool operator()(const KeyPayload& a, const KeyPayload& b) const { return a.key < b.key; }
};

template <class Item>
class SortMatch {
 public:
  SortMatch(std::size_t n, int threads)
      : n_(n),
        threads_(threads),
        team_(std::make_shared<Team>(cpus(threads))),
        all_(std::make_shared<Team>(allowed_cpus())),
        data_(*Buffer::make(n * sizeof(Item))),
        spare_(*Buffer::make(n * sizeof(Item))),
        sort_(team_) {}

  Match match(const std::string& what) {
    const double bytes = static_cast<double>(n_ * sizeof(Item));
    Match m{.kernel = sizeof(Item) == 8 ? "analytics/sort" : "analytics/sort-pairs",
            .subject = what + ", " + std::to_string(n_) + " uniform keys",
            .threads = threads_,
            .items = static_cast<double>(n_),
            .item = "key",
            .answer = answers(),
            .roof = *copy_roof(team_, 64U << 20, 5 * bytes)};
    const auto reset = [this] { fill(); };
    m.contestants.push_back({"ridgepoint", [this] { ours(); }, reset,
                             "3 x read and 2 x written; as much memory again", 5 * bytes});
    const std::string in_place = "in place, about log2(n) passes, the last ones in the caches";
    if (threads_ > 1)
      m.contestants.push_back({"tbb::parallel_sort", [this] { tbb_sort(); }, reset, in_place});
    if (threads_ == 1) m.contestants.push_back({"VQSort", [this] { vqsort(); }, reset, in_place});
    if (threads_ == 1 && n_ <= kShort)
      m.contestants.push_back(
          {"std::sort", [this] { std::sort(data(), data() + n_, ByKey{}); }, reset, in_place});
    return m;
  }

 private:
  static std::vector<int> cpus(int threads) {
    std::vector<int> list = allowed_cpus();
    list.resize(std::min(list.size(), static_cast<std::size_t>(threads)));
    return list;
  }
  Item* data() { return data_.as<Item>(); }
  void fill() {
    all_->run([&](int index) {
      const Share s = share_of(n_, index, all_->size());
      for (std::size_t i = s.begin; i < s.end; ++i) data()[i] = random_item(Item{}, 1, i);
    });
  }
  void ours() { sort_.run(data(), spare_.as<Item>(), n_); }
  void tbb_sort() {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads_));
    tbb::parallel_sort(data(), data() + n_, ByKey{});
  }
  /// Keys of ours and of the standard library's, one by one; each peer's order and marks too.
  std::string answers() {
    fill();
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < n_; ++i) sum += item_mark(data()[i]);
    const std::pair<const char*, void (SortMatch::*)()> all[] = {{"ridgepoint", &SortMatch::ours},
                                                                 {"tbb::parallel_sort", &SortMatch::tbb_sort},
                                                                 {"VQSort", &SortMatch::vqsort}};
    std::string wrong;
    for (const auto& [name, run] : all) {
      fill();
      (this->*run)();
      if (!sorted_whole(data(), n_, sum)) wrong += std::string(" ") + name;
    }
    return wrong.empty() ? "all in order and with the same sum of marks, so the same keys at every place"
                         : "WRONG:" + wrong;
  }
  void vqsort() { vector_sort(data(), n_); }

  std::size_t n_;
  int threads_;
  std::shared_ptr<Team> team_, all_;
  Buffer data_, spare_;
  ParallelSort<Item> sort_;
};

int compare(int argc, char** argv) {
  const Options options = parse_options(argc, argv, "keys pairs");
  Record record("sort", options);
  record.version("oneTBB", TBB_VERSION_STRING);
  const auto n = static_cast<std::size_t>(1e8 * options.scale);
  for (const int threads : options.threads) {
    if (options.wants("keys")) {
      SortMatch<std::int64_t> keys(n, threads);
      record.add(interleave(keys.match("64-bit integers"), options.rounds));
    }
    if (options.wants("pairs")) {
      SortMatch<KeyPayload> pairs(n / 2, threads);
      record.add(interleave(pairs.match("64-bit keys with payloads"), options.rounds));
    }
  }
  return record.close();
}

}  // namespace
}  // namespace ridgepoint::peers

int main(int argc, char** argv) { return ridgepoint::peers::compare(argc, argv); }
