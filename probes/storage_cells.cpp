// SPDX-License-Identifier: Apache-2.0
#include "probes/storage_cells.h"

#include <algorithm>

#include "model/core/format.h"
#include "model/core/stats.h"
#include "model/core/text.h"
#include "model/core/units.h"
#include "probes/measure.h"

namespace ridgepoint {
namespace {

/// One entry a thread; more threads than processors take turns on them.
std::vector<int> shared_cpus(const Topology& topology, int threads) {
  const std::vector<int> cpus = cpus_for(topology, threads);
  std::vector<int> list;
  list.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) list.push_back(cpus[static_cast<std::size_t>(i) % cpus.size()]);
  return list;
}

StorageCell cell_of(bool write, bool random, int depth, const StorageEffort& effort, double file_byte) {
  StorageCell cell;
  cell.key = std::string("storage.") + (write ? "write." : "read.") + (random ? "random." : "sequential.") +
             std::to_string(depth) + "d";
  cell.unit = random ? "count/s" : "byte/s";
  cell.job = {.write = write,
              .random = random,
              .block = random ? kRandomBlock : kSequentialBlock,
              .depth = depth,
              .seconds = effort.sample_s};
  if (write) cell.job.most = static_cast<std::size_t>(StorageEffort::sample_byte(file_byte)) / cell.job.block;
  return cell;
}

}  // namespace

StorageEngine::StorageEngine(const Topology& topology, int depth) {
  auto made = Uring::make(depth);
  if (made) {
    uring_.emplace(std::move(*made));
    name_ = "io_uring";
    return;
  }
  refusal_ = made.error();
  name_ = "pread/pwrite in threads";
  team_.emplace(shared_cpus(topology, depth));
}

Result<IoTally> StorageEngine::run(const IoJob& job, IoBlocks& blocks) {
  return uring_ ? uring_->run(job, blocks) : run_blocking(job, blocks, *team_);
}

StorageEffort StorageEffort::at(Level level) {
  switch (level) {
    case Level::smoke:
      return {8 * kMebi, 0.004, true};
    case Level::quick:
      return {256 * kMebi, 0.025, false};
    case Level::standard:
      return {kGibi, 0.06, true};
    case Level::full:
      return {4 * kGibi, 0.1, true};
  }
  return {256 * kMebi, 0.025, false};
}

double StorageEffort::sample_byte(double file_byte) {
  return std::clamp(file_byte / 8, 16 * kMebi, 64 * kMebi);
}

double StorageEffort::most_written(double file_byte) { return std::max(4 * file_byte, 512 * kMebi); }

int StorageEffort::most_samples(double file_byte, int write_cells) {
  constexpr int kLeast = 3, kMost = 60;
  const double room = most_written(file_byte) - file_byte,
               round = sample_byte(file_byte) * std::max(1, write_cells);
  return std::clamp(static_cast<int>(room / round) - 1, kLeast, kMost);  // one round warms up
}

double StorageCell::value_of(const IoTally& tally) const {
  if (sync) return 1 / tally.per_s;
  return job.random ? tally.per_s : tally.per_s * static_cast<double>(job.block);
}

std::vector<StorageCell> storage_cells(const StorageEffort& effort, double file_byte) {
  std::vector<StorageCell> cells;
  for (const bool random : {false, true})
    for (const bool write : {false, true})
      for (const int depth : random ? std::vector{1, 4, kDeepest} : std::vector{1, kSequentialDepth}) {
        const bool middle = random ? depth == 4 : depth == 1;
        if (effort.all_depths || !middle) cells.push_back(cell_of(write, random, depth, effort, file_byte));
      }
  StorageCell sync = cell_of(true, true, 1, effort, file_byte);
  sync.key = "storage.sync.latency";
  sync.unit = "s";
  sync.sync = true;
  cells.push_back(std::move(sync));
  return cells;
}

void add_percentiles(const StorageCell& cell, const std::string& source,
                     const std::vector<std::string>& asked, ProbeOutcome& outcome) {
  const std::string prefix = cell.key + (cell.sync ? "." : ".latency.");
  for (const auto& [name, q] : {std::pair("p50", 0.5), std::pair("p99", 0.99), std::pair("p99.9", 0.999)})
    if (const auto value = cell.latency.percentile(q); value && asked_for(prefix + name, asked))
      outcome.samples.push_back({prefix + name, "s", source + ", all requests of a visit", {*value}});
}

std::vector<Warning> throttle_warnings(const std::vector<Samples>& samples) {
  constexpr double kFall = 2;
  constexpr std::ptrdiff_t kLeast = 8;
  std::vector<Warning> warnings;
  for (const Samples& s : samples) {
    if (s.key.find(".sequential.") == std::string::npos || s.unit != "byte/s" ||
        std::ssize(s.values) < kLeast)
      continue;
    const std::ptrdiff_t part = std::ssize(s.values) / 4;
    const std::vector<double> first(s.values.begin(), s.values.begin() + part),
        last(s.values.end() - part, s.values.end());
    const double before = quantile(first, 0.5), after = quantile(last, 0.5);
    if (before < kFall * after || *std::ranges::min_element(first) <= *std::ranges::max_element(last))
      continue;
    warnings.push_back(
        {"storage-throttled",
         s.key + " fell from " + show(before, s.unit) + " (first quarter of " +
             std::to_string(s.values.size()) + " samples) to " + show(after, s.unit) +
             " (last quarter) and stayed there",
         "the device or the cloud's quota slows down under load: run ridgepoint probe --only storage "
         "--level full and take the lower figure"});
  }
  return warnings;
}

}  // namespace ridgepoint
