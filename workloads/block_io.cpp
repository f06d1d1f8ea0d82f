// SPDX-License-Identifier: Apache-2.0
#include "workloads/block_io.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "model/core/format.h"
#include "model/core/ports.h"

namespace ridgepoint {
namespace {

constexpr double kRate_s = 0.1;
constexpr int kShort = -1, kStopped = -2;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Bytes per second of turns of `bytes`, each done by `turn`; 0 where that fails.
double rate_of(double bytes, const std::function<bool()>& turn) {
  const double begin = now();
  double done = 0;
  do {
    if (!turn()) return 0;
    done += bytes;
  } while (now() - begin < kRate_s);
  return done / (now() - begin);
}

}  // namespace

/// One member's requests. The queue is made by the member itself.
struct BlockIo::Lane {
  Buffer memory;
  std::optional<IoQueue> queue = {};
  std::vector<std::size_t> block = {};  ///< that each slot holds
  std::vector<IoDone> back = {};
};

struct BlockIo::Task {
  Kind kind;
  const BlockFile& file;
  const BlockFile* to;  ///< copy only
  std::size_t first, count;
  const Work& work;
  std::atomic<std::size_t> next = 0;
  std::atomic<int> trouble = 0;  ///< an error number, kShort or kStopped; the first one stays
  std::atomic<std::uint64_t> where = 0;
  std::atomic<bool> in_write = false;

  void note(int code, bool write, std::uint64_t place) {
    int none = 0;
    if (!trouble.compare_exchange_strong(none, code)) return;
    in_write = write;
    where = place;
  }
};

BlockIo::BlockIo(std::shared_ptr<Team> team, std::size_t block_byte, int each)
    : team_(std::move(team)), block_byte_(block_byte), each_(each) {}

BlockIo::~BlockIo() = default;

Result<std::unique_ptr<BlockIo>> BlockIo::make(std::shared_ptr<Team> team, std::size_t block_byte,
                                               int depth) {
  const int each = std::max(2, depth / team->size());
  std::unique_ptr<BlockIo> io(new BlockIo(std::move(team), block_byte, each));
  for (int i = 0; i < io->team_->size(); ++i) {
    auto memory = Buffer::make(static_cast<std::size_t>(each) * block_byte);
    if (!memory) return tl::make_unexpected(memory.error());
    io->lanes_.push_back(std::unique_ptr<Lane>(new Lane{.memory = std::move(*memory)}));
  }
  io->team_->run([&](int i) {
    Lane& lane = *io->lanes_[static_cast<std::size_t>(i)];
    lane.queue.emplace(each);
    lane.block.resize(static_cast<std::size_t>(each));
  });
  io->engine_ = io->lanes_.front()->queue->name();
  return io;
}

std::byte* BlockIo::data(Lane& lane, std::size_t slot) const {
  return lane.memory.as<std::byte>() + slot * block_byte_;
}

void BlockIo::send(Lane& lane, std::size_t slot, bool write, const Task& task) const {
  const BlockFile& f = write && task.to != nullptr ? *task.to : task.file;
  lane.queue->send({write, f.descriptor, data(lane, slot), block_byte_,
                    f.begin + std::uint64_t{lane.block[slot]} * block_byte_,
                    static_cast<std::uint32_t>(slot * 2 + (write ? 1U : 0U))});
}

/// The next block for a free slot, while there is one and all is well.
void BlockIo::start(int member, std::size_t slot, Task& task) {
  Lane& lane = *lanes_[static_cast<std::size_t>(member)];
  if (Interrupt::requested()) task.note(kStopped, false, 0);
  if (task.trouble != 0) return;
  const std::size_t i = task.next++;
  if (i >= task.count) return;
  lane.block[slot] = (task.first + i) % task.file.blocks;
  const bool write = task.kind == Kind::write;
  if (write) task.work(member, lane.block[slot], data(lane, slot));
  send(lane, slot, write, task);
}

void BlockIo::answer(int member, const IoDone& done, Task& task) {
  Lane& lane = *lanes_[static_cast<std::size_t>(member)];
  const std::size_t slot = done.tag / 2;
  const bool wrote = done.tag % 2 == 1;
  if (done.moved != static_cast<int>(block_byte_)) {
    const auto moved = static_cast<std::uint64_t>(std::max(done.moved, 0));
    task.note(done.moved < 0 ? -done.moved : kShort, wrote,
              task.file.begin + std::uint64_t{lane.block[slot]} * block_byte_ + moved);
  }
  if (task.trouble != 0) return;
  if (task.kind == Kind::copy && !wrote) return send(lane, slot, true, task);
  if (task.kind == Kind::read) task.work(member, lane.block[slot], data(lane, slot));
  start(member, slot, task);
}

void BlockIo::serve(int member, Task& task) {
  Lane& lane = *lanes_[static_cast<std::size_t>(member)];
  for (std::size_t s = 0; s < lane.block.size(); ++s) start(member, s, task);
  while (lane.queue->in_flight() > 0) {
    lane.back.clear();
    if (const int code = lane.queue->wait(lane.back); code != 0) return task.note(code, false, 0);
    for (const IoDone& d : lane.back) answer(member, d, task);
  }
}

Result<void> BlockIo::run(Task& task) {
  team_->run([&](int i) { serve(i, task); });
  const int code = task.trouble;
  if (code == 0) return {};
  const BlockFile& file = task.in_write && task.to != nullptr ? *task.to : task.file;
  if (code == kStopped)
    return fail(ErrorKind::interrupted, "reading and writing was stopped", "", "run it again");
  const std::string verb = std::string(task.in_write ? "write " : "read ") + file.name;
  if (code == kShort)
    return fail(
        ErrorKind::io, "cannot " + verb,
        file.name + " ends at byte " + std::to_string(task.where.load()) + ": it was cut short meanwhile",
        "leave the file alone while it is read, and run again");
  return tl::make_unexpected(storage_trouble(verb, code, kRunFolder));
}

Result<void> BlockIo::read(const BlockFile& file, std::size_t first, std::size_t count, const Work& use) {
  Task task{Kind::read, file, nullptr, first, count, use};
  return run(task);
}

Result<void> BlockIo::write(const BlockFile& file, const Work& fill) {
  Task task{Kind::write, file, nullptr, 0, file.blocks, fill};
  return run(task);
}

Result<void> BlockIo::copy(const BlockFile& from, const BlockFile& to, std::size_t first, std::size_t count) {
  const Work none;
  Task task{Kind::copy, from, &to, first, count, none};
  return run(task);
}

Result<ScratchFile> scratch_for(const KernelRequest& request, double bytes, std::vector<Warning>& warnings) {
  const char* temporary = std::getenv("TMPDIR");
  const std::string folder = !request.directory.empty()                   ? request.directory
                             : temporary != nullptr && *temporary != '\0' ? temporary
                                                                          : "/var/tmp";
  auto file = ScratchFile::open(folder, kRunFolder);
  if (!file) return file;
  const auto room = room_in(file->descriptor());
  if (!room) return tl::make_unexpected(room.error());
  if (room->limit_byte < bytes)
    return fail(ErrorKind::unavailable, "there is no room for a scratch file of " + show_bytes(bytes),
                "files may not grow beyond " + show_bytes(room->limit_byte), "ulimit -f unlimited");
  if (room->free_byte < 2 * bytes)
    return fail(ErrorKind::unavailable, "there is no room for a scratch file of " + show_bytes(bytes),
                show_bytes(room->free_byte) + " are free and at most half is used",
                kRunFolder + " on a file system with room, or a smaller shape");
  file->prove_direct();
  if (!file->direct())
    warnings.push_back({"page-cache", file->obstacle() + ": the page cache answers too, not the device alone",
                        kRunFolder + " on a local disk"});
  return file;
}

AdjacentRoof storage_read_roof(std::shared_ptr<BlockIo> io, BlockFile file, double quantity) {
  return {"storage-read", "B/s", quantity,
          [io = std::move(io), file = std::move(file), at = std::make_shared<std::size_t>(0)] {
            const std::size_t turn = std::min<std::size_t>(file.blocks, 64);
            return rate_of(static_cast<double>(turn * file.block_byte), [&] {
              *at += turn;
              return io->read(file, *at, turn, [](int, std::size_t, std::byte*) {}).has_value();
            });
          }};
}

AdjacentRoof storage_copy_roof(std::shared_ptr<BlockIo> io, BlockFile from, BlockFile to, double quantity) {
  return {"storage-copy", "B/s", quantity,
          [io = std::move(io), from = std::move(from), to = std::move(to),
           at = std::make_shared<std::size_t>(0)] {
            const std::size_t turn = std::min<std::size_t>(from.blocks, 64);
            return rate_of(2 * static_cast<double>(turn * from.block_byte), [&] {
              *at += turn;
              return io->copy(from, to, *at, turn).has_value();
            });
          }};
}

}  // namespace ridgepoint
