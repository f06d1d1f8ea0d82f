// SPDX-License-Identifier: Apache-2.0
// Storage: requests of one kind, a fixed number of them in flight, on a scratch file without a name.
// Keys: storage.<read|write>.<sequential|random>.<N>d[.latency.<p50|p99|p99.9>],
// storage.sync.latency[.p50|...], storage.file_system,
// storage.device[.model|.scheduler|.rotational|.virtual], storage.file, storage.written.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "model/core/format.h"
#include "model/core/scratch_file.h"
#include "model/core/text.h"
#include "probes/measure.h"
#include "probes/storage_cells.h"
#include "probes/storage_device.h"

namespace ridgepoint {
namespace {

const std::string kElsewhere = "--storage-dir DIR on a local disk";

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Whose figures these are, if not the device's.
std::string not_the_device(const ScratchFile& file, const StorageDevice& device) {
  if (medium_of(device.file_system) == Medium::memory)
    return device.file_system + " is memory: these are figures of the page cache, not of a device";
  if (!file.direct()) return file.obstacle() + ": these are figures of the page cache, not of the device";
  if (medium_of(device.file_system) == Medium::own_cache)
    return device.file_system + " answers direct I/O from memory: these are figures of its cache too";
  return {};
}

std::string place_of(const StorageDevice& device) {
  return (device.file_system.empty() ? "an unknown file system" : device.file_system) +
         (device.disk.empty() ? "" : " (" + device.disk + ")");
}

/// Fills the file, or as much of it as the time allows, with data that no cache or compressor can guess.
Result<void> fill(StorageEngine& engine, IoBlocks& blocks, double seconds) {
  const double begin = now();
  const auto whole = static_cast<double>(blocks.file_byte());
  while (static_cast<double>(blocks.written_byte()) < whole && !Interrupt::requested()) {
    if (now() - begin > seconds && blocks.written_byte() >= kLeastFile) break;
    const std::size_t left = blocks.file_byte() - blocks.written_byte();
    const IoJob job{.write = true, .block = kSequentialBlock, .depth = 4, .most = left / kSequentialBlock};
    if (auto done = engine.run(job, blocks); !done) return tl::make_unexpected(done.error());
  }
  blocks.shrink(std::min<std::size_t>(blocks.file_byte(), blocks.written_byte()));
  if (::fdatasync(blocks.descriptor()) != 0)
    return tl::make_unexpected(storage_trouble("make the scratch file durable", errno));
  return {};
}

void add_device(const StorageDevice& device, ProbeOutcome& outcome) {
  const std::string source = "probe storage: /proc/self/mountinfo, /sys/block";
  const auto say = [&](const char* key, const std::string& value) {
    if (!value.empty()) outcome.facts[key] = measured_text(value, source);
  };
  const auto flag = [&](const char* key, bool value) {
    Fact fact = measured_text("", source);
    fact.value = value;
    fact.unit = "bool";
    outcome.facts[key] = std::move(fact);
  };
  say("storage.file_system", device.file_system);
  say("storage.device", device.disk);
  say("storage.device.model", device.model);
  say("storage.device.scheduler", device.scheduler);
  if (device.rotational) flag("storage.device.rotational", *device.rotational);
  if (!device.virtual_sign.empty()) flag("storage.device.virtual", true);
  if (!device.virtual_sign.empty())
    outcome.warnings.push_back({"storage-virtual",
                                "the disk is virtual (" + device.virtual_sign +
                                    "): the host's cache may answer and its quota may limit",
                                "compare with --level full; " + kElsewhere + " where there is one"});
  if (!device.limits.empty())
    outcome.warnings.push_back({"storage-limited",
                                "a control group limits the disk: " + join(device.limits, "; "),
                                "raise the limit, or read the figures as those of this group"});
  if (medium_of(device.file_system) == Medium::network)
    outcome.warnings.push_back({"storage-remote",
                                device.file_system + " is on another machine: the network is measured too",
                                kElsewhere});
}

void note_trouble(const ScratchFile& file, const StorageDevice& device, const StorageEngine& engine,
                  ProbeOutcome& outcome) {
  if (engine.refusal())
    outcome.warnings.push_back({"storage-engine",
                                engine.refusal()->what + " (" + engine.refusal()->why + "): " + engine.name(),
                                engine.refusal()->fix});
  const std::string why = not_the_device(file, device);
  if (why.empty()) return;
  outcome.status = ProbeStatus::degraded;
  outcome.reason = why;
  outcome.fix = kElsewhere;
}

ProbeOutcome trouble(ProbeOutcome outcome, const Error& error) {
  const bool fault = error.kind == ErrorKind::io || error.kind == ErrorKind::failed_check;
  outcome.samples.clear();
  return give_up(std::move(outcome), fault ? ProbeStatus::failed : ProbeStatus::unavailable, error);
}

std::string source_of(const StorageCell& cell, const std::string& where) {
  return "probe storage: " + where + ", blocks of " + show_bytes(static_cast<double>(cell.job.block)) + ", " +
         (cell.sync ? "pwrite and fdatasync, mean of a sample"
                    : std::to_string(cell.job.depth) + " in flight");
}

/// Everything one visit works with.
struct Bench {
  StorageEngine& engine;
  IoBlocks& blocks;
  std::vector<StorageCell> cells = {};
  std::optional<Error> error = {};

  double sample(StorageCell& cell) {
    if (error) return 0;
    auto tally = cell.sync ? run_sync(cell.job, blocks) : engine.run(cell.job, blocks);
    if (!tally) {
      error = tally.error();
      return 0;
    }
    cell.latency.add(tally->latency);
    return cell.value_of(*tally);
  }
};

Result<bool> sample_all(const ProbeContext& context, Bench& bench, const std::string& where, double seconds,
                        ProbeOutcome& outcome) {
  std::vector<Cell> cells;
  for (StorageCell& c : bench.cells)
    cells.push_back({c.key, c.unit, source_of(c, where), [&bench, &c] { return bench.sample(c); }});
  SamplingRule rule = rule_for(context);
  const auto writes = std::ranges::count_if(bench.cells, [](const StorageCell& c) { return c.job.write; });
  rule.max_samples = std::min(
      rule.max_samples,
      StorageEffort::most_samples(static_cast<double>(bench.blocks.file_byte()), static_cast<int>(writes)));
  rule.seconds = std::max(0.0, seconds);
  const bool finished = sample_cells(cells, rule, outcome);
  if (bench.error) return tl::make_unexpected(*bench.error);
  return finished;
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  if (!any_asked_for("storage.", context)) return outcome;
  const double begin = now();
  const StorageDevice device = see_device_here(context.host, context.storage_folder);
  auto file = ScratchFile::open(context.storage_folder);
  if (!file) return trouble(std::move(outcome), file.error());
  StorageEffort effort = StorageEffort::at(context.level);
  effort.all_depths = effort.all_depths || !context.cells.empty();  // a cell asked for by name is sampled
  const auto room = room_in(file->descriptor());
  if (!room) return trouble(std::move(outcome), room.error());
  const bool in_memory = medium_of(device.file_system) == Medium::memory;
  const auto size = file_size_for(
      in_memory ? std::min(effort.file_byte, context.memory_limit_byte) : effort.file_byte, *room);
  if (!size) return trouble(std::move(outcome), size.error());
  file->prove_direct();
  const auto memory = Buffer::make(kSequentialDepth * kSequentialBlock, Pages::ordinary);
  if (!memory) return trouble(std::move(outcome), memory.error());

  StorageEngine engine(context.topology, kDeepest);
  IoBlocks blocks(file->descriptor(), *size, *memory);
  add_device(device, outcome);
  note_trouble(*file, device, engine, outcome);
  if (auto filled = fill(engine, blocks, context.budget_s / 3); !filled)
    return trouble(std::move(outcome), filled.error());
  if (Interrupt::requested()) return stopped(std::move(outcome));

  const auto bytes = static_cast<double>(blocks.file_byte());
  const std::string where = engine.name() + ", " + (file->direct() ? "O_DIRECT" : "page cache") +
                            ", file of " + show_bytes(bytes) + " on " + place_of(device);
  Bench bench{engine, blocks, storage_cells(effort, bytes)};
  const auto finished = sample_all(context, bench, where, context.budget_s - (now() - begin), outcome);
  if (!finished) return trouble(std::move(outcome), finished.error());
  if (!*finished) return stopped(std::move(outcome));
  for (const StorageCell& c : bench.cells) add_percentiles(c, source_of(c, where), context.cells, outcome);
  outcome.facts["storage.file"] =
      measured(bytes, "byte", "probe storage: scratch file, gone after the visit");
  outcome.samples.push_back({"storage.written",
                             "byte",
                             "probe storage: every byte sent to the file",
                             {static_cast<double>(blocks.written_byte())},
                             false});
  return outcome;
}

void conclude(const ProbeContext&, ProbeOutcome& outcome) {
  for (const Samples& s : outcome.samples)
    if (s.key == "storage.written") {
      Fact fact = measured(std::accumulate(s.values.begin(), s.values.end(), 0.0), "byte", s.source);
      fact.note = "all visits together";
      outcome.facts[s.key] = std::move(fact);
    }
  std::vector<Warning> slower = throttle_warnings(outcome.samples);
  if (slower.empty()) return;
  if (outcome.status == ProbeStatus::ok) {
    outcome.status = ProbeStatus::degraded;
    outcome.reason = "throttled: " + slower.front().what;
    outcome.fix = slower.front().fix;
  }
  std::ranges::move(slower, std::back_inserter(outcome.warnings));
}

}  // namespace

extern const Probe storage_probe;
const Probe storage_probe{
    .id = "storage",
    .summary = "rates and latencies of the disk behind a folder, by pattern and depth",
    .method =
        "an unnamed scratch file (O_TMPFILE) of at most 256 MiB, 1 GiB or 4 GiB by level and a quarter of "
        "the free "
        "space, filled first with data that does not compress; O_DIRECT; io_uring, or threads with pread and "
        "pwrite; "
        "sequential 1 MiB requests 1 and 8 in flight, random 4 KiB requests 1, 4 and 32 in flight, 4 KiB and "
        "fdatasync; rates while the queue is full; every block read is verified; at most four times the file "
        "(or 512 "
        "MiB) written a visit; median",
    .measures = true,
    .revisit = true,
    .rank = 60,
    .seconds = {1.5, 14, 100},
    .run = run,
    .conclude = conclude};

}  // namespace ridgepoint
