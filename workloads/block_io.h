// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/io_queue.h"
#include "model/core/scratch_file.h"
#include "model/core/team.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// How the user of `run` names another folder, for remedies.
inline const std::string kRunFolder = "--dir FOLDER";

/// A file as blocks of one size behind its first `begin` bytes; all multiples of 4 KiB.
struct BlockFile {
  int descriptor = -1;
  std::uint64_t begin = 0;
  std::size_t block_byte = 1U << 20, blocks = 0;
  std::string name = "the scratch file";  ///< in messages: "cannot read <name>"
};

/// Blocks on their way between a file and a team. Each member has its own queue and its share of `depth`
/// requests in flight, and takes the next block in the order of the file; while it works on one the others
/// are under way.
class BlockIo {
 public:
  using Work = std::function<void(int member, std::size_t block, std::byte* data)>;

  /// Memory: depth() blocks. Errors: no memory.
  static Result<std::unique_ptr<BlockIo>> make(std::shared_ptr<Team> team, std::size_t block_byte, int depth);
  BlockIo(const BlockIo&) = delete;
  BlockIo& operator=(const BlockIo&) = delete;
  ~BlockIo();

  /// Reads blocks [first, first + count) modulo the file's and calls `use` on each. Ends early, with all
  /// requests back, on an error or when the user interrupts (an `interrupted` error).
  Result<void> read(const BlockFile& file, std::size_t first, std::size_t count, const Work& use);
  /// Calls `fill` for each block and writes it.
  Result<void> write(const BlockFile& file, const Work& fill);
  /// Reads each block of one file and writes it to the same place of another.
  Result<void> copy(const BlockFile& from, const BlockFile& to, std::size_t first, std::size_t count);

  int depth() const { return each_ * team_->size(); }
  double memory_byte() const { return static_cast<double>(depth()) * static_cast<double>(block_byte_); }
  const std::string& engine() const { return engine_; }
  const std::shared_ptr<Team>& team() const { return team_; }

 private:
  enum class Kind { read, write, copy };
  struct Lane;
  struct Task;
  BlockIo(std::shared_ptr<Team> team, std::size_t block_byte, int each);
  Result<void> run(Task& task);
  void serve(int member, Task& task);
  void start(int member, std::size_t slot, Task& task);
  void send(Lane& lane, std::size_t slot, bool write, const Task& task) const;
  void answer(int member, const IoDone& done, Task& task);
  std::byte* data(Lane& lane, std::size_t slot) const;

  std::shared_ptr<Team> team_;
  std::size_t block_byte_;
  int each_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::string engine_;
};

/// O_DIRECT scratch file for `bytes`, in request.directory, TMPDIR or /var/tmp; refuses (unavailable) where
/// less than twice as much is free or files may not grow so large. `warnings` gets a word where the page
/// cache is in between.
Result<ScratchFile> scratch_for(const KernelRequest& request, double bytes, std::vector<Warning>& warnings);

/// Sequential reading of `file` with the same queue, depth and blocks, for at least 0.1 s a rate; it goes on
/// where the last one ended. The objects must outlive the roof.
AdjacentRoof storage_read_roof(std::shared_ptr<BlockIo> io, BlockFile file, double quantity);

/// Copying `from` to `to`; bytes read and bytes written both count.
AdjacentRoof storage_copy_roof(std::shared_ptr<BlockIo> io, BlockFile from, BlockFile to, double quantity);

}  // namespace ridgepoint
