// SPDX-License-Identifier: Apache-2.0
#include "probes/storage_engine.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "model/core/contract.h"
#include "model/core/io_queue.h"
#include "model/core/random.h"
#include "model/core/scratch_file.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint64_t kPlaceSeed = 31, kNumberSeed = 32, kOffsetSeed = 33, kFillSeed = 34;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One thread's requests.
struct Stream {
  std::uint64_t done = 0;
  double first = 0, last = 0;
  LatencyHistogram latency;
};

/// One whole request; 0, or what went wrong.
int move(const IoJob& job, IoBlocks& blocks, std::byte* data, std::uint64_t offset) {
  const int moved = transfer(
      {.write = job.write, .file = blocks.descriptor(), .data = data, .bytes = job.block, .offset = offset});
  if (moved < 0) return -moved;
  if (moved != static_cast<int>(job.block)) return kShort;
  return job.write || IoBlocks::right(data, offset, job.block) ? 0 : kWrongData;
}

void serve(const IoJob& job, IoBlocks& blocks, int index, Stream& stream, std::atomic<int>& trouble) {
  std::byte* data = blocks.slot(job, index);
  const auto most = std::max<std::uint64_t>(2, job.most / static_cast<std::size_t>(job.depth));
  while (trouble.load(std::memory_order_relaxed) == 0) {
    const std::uint64_t offset = blocks.next(job);
    if (job.write) blocks.stamp(data, offset, job.block);
    const double begin = now();
    if (const int code = move(job, blocks, data, offset); code != 0) {
      trouble = code;
      return;
    }
    stream.last = now();
    if (stream.done++ == 0)
      stream.first = stream.last;
    else
      stream.latency.add(stream.last - begin);
    const bool over = stream.last - stream.first >= job.seconds || stream.done >= most;
    if (over && stream.done > 1) return;
  }
}

}  // namespace

IoBlocks::IoBlocks(int descriptor, std::size_t file_byte, const Buffer& memory)
    : descriptor_(descriptor), file_byte_(file_byte), memory_(memory) {
  auto* words = memory.as<std::uint64_t>();
  for (std::size_t i = 0; i < memory.bytes() / sizeof *words; ++i) words[i] = random_bits(kFillSeed, i);
}

std::byte* IoBlocks::slot(const IoJob& job, int index) const {
  const std::size_t begin = static_cast<std::size_t>(index) * job.block;
  RIDGEPOINT_EXPECT(begin + job.block <= memory_.bytes());
  return memory_.as<std::byte>() + begin;
}

std::uint64_t IoBlocks::next(const IoJob& job) {
  const std::uint64_t i = issued_.fetch_add(1, std::memory_order_relaxed), blocks = file_byte_ / job.block;
  return job.block *
         (job.random ? random_below(kOffsetSeed, i, static_cast<std::uint32_t>(blocks)) : i % blocks);
}

void IoBlocks::stamp(std::byte* data, std::uint64_t offset, std::size_t bytes) {
  const std::uint64_t pages = bytes / kPage;
  std::uint64_t number = stamped_.fetch_add(pages, std::memory_order_relaxed);
  written_.fetch_add(bytes, std::memory_order_relaxed);
  for (std::uint64_t i = 0; i < pages; ++i) {
    const std::uint64_t mark[2] = {random_bits(kPlaceSeed, offset / kPage + i),
                                   random_bits(kNumberSeed, number++)};
    std::memcpy(data + i * kPage, mark, sizeof mark);
  }
}

bool IoBlocks::right(const std::byte* data, std::uint64_t offset, std::size_t bytes) {
  for (std::uint64_t i = 0; i < bytes / kPage; ++i) {
    std::uint64_t mark = 0;
    std::memcpy(&mark, data + i * kPage, sizeof mark);
    if (mark != random_bits(kPlaceSeed, offset / kPage + i)) return false;
  }
  return true;
}

tl::unexpected<Error> io_failure(const IoJob& job, int code) {
  if (code == kWrongData)
    return fail(ErrorKind::failed_check, "a block read is not the block written",
                "the storage or the memory returned wrong data",
                "look into the kernel log (dmesg); test the device");
  const std::string verb = std::string(job.write ? "write" : "read") + " the scratch file";
  if (code == kShort)
    return fail(ErrorKind::io, "cannot " + verb, "a request moved less than its block",
                "--storage-dir DIR on another file system");
  return tl::make_unexpected(storage_trouble(verb, code));
}

Result<IoTally> run_blocking(const IoJob& job, IoBlocks& blocks, Team& team) {
  RIDGEPOINT_EXPECT(team.size() >= job.depth);
  std::vector<Stream> streams(static_cast<std::size_t>(job.depth));
  std::atomic<int> trouble = 0;
  team.run([&](int index) {
    if (index < job.depth) serve(job, blocks, index, streams[static_cast<std::size_t>(index)], trouble);
  });
  if (trouble != 0) return io_failure(job, trouble);
  IoTally tally;
  for (const Stream& s : streams) {
    tally.per_s += static_cast<double>(s.done - 1) / std::max(s.last - s.first, 1e-9);
    tally.latency.add(s.latency);
  }
  return tally;
}

Result<IoTally> run_sync(const IoJob& job, IoBlocks& blocks) {
  IoTally tally;
  std::byte* data = blocks.slot(job, 0);
  const double begin = now();
  double end = begin;
  for (std::uint64_t done = 0; done < job.most && (done < 2 || end - begin < job.seconds); ++done) {
    const std::uint64_t offset = blocks.next(job);
    blocks.stamp(data, offset, job.block);
    const double start = now();
    if (const int code = move(job, blocks, data, offset); code != 0) return io_failure(job, code);
    if (::fdatasync(blocks.descriptor()) != 0)
      return tl::make_unexpected(storage_trouble("make the scratch file durable", errno));
    end = now();
    tally.latency.add(end - start);
  }
  tally.per_s = static_cast<double>(tally.latency.count()) / std::max(end - begin, 1e-9);
  return tally;
}

}  // namespace ridgepoint
