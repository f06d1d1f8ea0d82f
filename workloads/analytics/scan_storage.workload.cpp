// SPDX-License-Identifier: Apache-2.0
// A scan of a column file larger than its memory: read past the page cache, decode and sum at the same time.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <numeric>

#include "model/core/format.h"
#include "model/core/text.h"
#include "workloads/analytics/column_file.h"

namespace ridgepoint {
namespace {

constexpr int kDepth = 8;

struct Scan {
  ScratchFile file;
  ColumnFileHeader header;
  BlockFile blocks;
  std::shared_ptr<BlockIo> io;
  std::vector<std::uint64_t> partial;  ///< one cache line a member
  std::uint64_t right = 0;             ///< the sum to be found
  std::optional<Error> trouble = {};

  std::size_t groups() const { return header.block_rows / kPackGroup; }

  /// Cost a row: 5.75 B read from the device (and the padding of its block) and from memory.
  std::uint64_t sum() {
    std::fill(partial.begin(), partial.end(), 0);
    auto done = io->read(blocks, 0, blocks.blocks, [&](int member, std::size_t, const std::byte* data) {
      partial[static_cast<std::size_t>(member) * 8] += packed_revenue(columns_of(data, groups()), groups());
    });
    if (!done) trouble = done.error();
    return std::accumulate(partial.begin(), partial.end(), std::uint64_t{0});
  }

  void run() {
    const std::uint64_t found = sum();
    if (!trouble && found != right)
      trouble = Error{ErrorKind::failed_check, "a scan of " + blocks.name + " gave another sum than before",
                      "the storage or the memory returned wrong data, or the file was changed",
                      "leave the file alone; look into the kernel log (dmesg)"};
  }
};

Result<ScratchFile> open_input(const std::string& path, std::vector<Warning>& warnings) {
  auto file = ScratchFile::open_existing(path);
  if (file && !file->direct())
    warnings.push_back({"page-cache", file->obstacle() + ": the page cache answers too, not the device alone",
                        "copy the file to a local disk"});
  return file;
}

/// The reference: every number taken out of its bits by itself; other blocks may be read in between.
Result<std::uint64_t> slow_sum(Scan& scan) {
  std::vector<std::uint64_t> sums(scan.partial.size());
  const auto done =
      scan.io->read(scan.blocks, 0, scan.blocks.blocks, [&](int member, std::size_t, const std::byte* data) {
        sums[static_cast<std::size_t>(member) * 8] += block_revenue(data, scan.groups());
      });
  if (!done) return tl::make_unexpected(done.error());
  return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

Result<std::shared_ptr<Scan>> scan_of(ScratchFile file, const ColumnFileHeader& header, double budget,
                                      const KernelRequest& request) {
  auto team = std::make_shared<Team>(request.cpus);
  const double room = std::min(budget, request.memory_limit_byte);
  const int depth = static_cast<int>(std::min<double>(kDepth, room / header.block_byte));
  if (depth < 2 * team->size())
    return fail(
        ErrorKind::unavailable, "the memory budget is too small",
        show_bytes(room) + " hold fewer than two blocks of " + show_bytes(header.block_byte) + " a thread",
        "a larger budget_mib or --memory, or fewer --threads");
  auto io = BlockIo::make(team, header.block_byte, depth);
  if (!io) return tl::make_unexpected(io.error());
  const int descriptor = file.descriptor();
  return std::shared_ptr<Scan>(
      new Scan{.file = std::move(file),
               .header = header,
               .blocks = {descriptor, kHeaderByte, header.block_byte,
                          static_cast<std::size_t>((header.rows + header.block_rows - 1) / header.block_rows),
                          "the column file"},
               .io = std::move(*io),
               .partial = std::vector<std::uint64_t>(request.cpus.size() * 8)});
}

Result<std::shared_ptr<Scan>> user_scan(const KernelRequest& request, std::vector<Warning>& warnings) {
  auto file = open_input(request.input, warnings);
  if (!file) return tl::make_unexpected(file.error());
  struct stat seen {};
  ::fstat(file->descriptor(), &seen);
  const auto page = Buffer::make(kHeaderByte, Pages::ordinary);
  if (!page) return tl::make_unexpected(page.error());
  const int got = transfer({false, file->descriptor(), page->as<std::byte>(), kHeaderByte, 0, 0});
  if (got < 0)
    return tl::make_unexpected(storage_trouble("read '" + printable(request.input) + "'", -got, kRunFolder));
  if (got < static_cast<int>(kHeaderByte))
    return fail(ErrorKind::bad_input, "'" + printable(request.input) + "' is no column file",
                "it is shorter than a header of 4 KiB", "see 'column file' in docs/explanation/workloads.md");
  const auto header =
      parse_column_header(page->as<std::byte>(), static_cast<double>(seen.st_size), request.input);
  if (!header) return tl::make_unexpected(header.error());
  auto scan =
      scan_of(std::move(*file), *header, static_cast<double>(request.shape["budget_mib"]) * 1048576, request);
  if (!scan) return scan;
  const auto sum = slow_sum(**scan);
  if (!sum) return tl::make_unexpected(sum.error());
  (*scan)->right = *sum;
  return scan;
}

Result<std::shared_ptr<Scan>> generated_scan(const KernelRequest& request, std::vector<Warning>& warnings) {
  const std::int64_t mib = request.shape["mib"], budget = request.shape["budget_mib"];
  if (mib <= budget)
    return fail(ErrorKind::bad_input, "the file is not larger than the memory budget", "",
                "a larger mib or a smaller budget_mib");
  const auto header = column_header(static_cast<std::uint64_t>(mib) * kBlockGroups * kPackGroup);
  auto file = scratch_for(request, static_cast<double>(mib) * kColumnBlockByte + kHeaderByte, warnings);
  if (!file) return tl::make_unexpected(file.error());
  auto made = scan_of(std::move(*file), header, static_cast<double>(budget) * 1048576, request);
  if (!made) return made;
  Scan& scan = **made;
  std::fill(scan.partial.begin(), scan.partial.end(), 0);
  const auto done = scan.io->write(scan.blocks, [&](int member, std::size_t block, std::byte* data) {
    scan.partial[static_cast<std::size_t>(member) * 8] += fill_block(request.seed, header, block, data);
  });
  if (!done) return tl::make_unexpected(done.error());
  if (::fdatasync(scan.file.descriptor()) != 0)
    return tl::make_unexpected(storage_trouble("make the scratch file durable", errno, kRunFolder));
  scan.right = std::accumulate(scan.partial.begin(), scan.partial.end(), std::uint64_t{0});
  return made;
}

Result<Prepared> prepare(const KernelRequest& request) {
  Prepared p;
  const bool users = !request.input.empty();
  const auto made = users ? user_scan(request, p.warnings) : generated_scan(request, p.warnings);
  if (!made) return tl::make_unexpected(made.error());
  const std::shared_ptr<Scan>& scan = *made;
  const std::uint64_t found = scan->sum();
  if (scan->trouble) return tl::make_unexpected(*scan->trouble);
  const bool right = found == scan->right && (users || found != 0);
  const auto bytes = static_cast<double>(scan->blocks.blocks) * scan->header.block_byte;
  const auto rows = static_cast<double>(scan->header.rows);
  p.verification = {
      right,
      std::string(users ? "every number taken out by itself" : "row-by-row sum of the generator") +
          ", exact; " + scan->io->engine() + ", " + std::to_string(scan->io->depth()) +
          " blocks in flight hold " + show_bytes(scan->io->memory_byte()) + " of a budget of " +
          std::to_string(request.shape["budget_mib"]) + " MiB",
      right ? 0.0 : 1.0, 0};
  p.cost = {.work_flop = 0,
            .read_byte = rows * kRowBits / 8,
            .written_byte = 0,
            .integer_op = 24 * rows,
            .storage_read_byte = bytes};
  p.roof = storage_read_roof(scan->io, scan->blocks, bytes);
  p.working_set_byte = bytes;
  p.dtype = "bit-packed 12+4+6+24";
  p.isa = bit_pack_isa();
  p.body = [scan] { scan->run(); };
  p.trouble = [scan] { return scan->trouble; };
  return p;
}

}  // namespace

extern const Kernel scan_storage_workload;
const Kernel scan_storage_workload{
    .id = "analytics/scan-storage",
    .family = "analytics",
    .kernel_class = "storage-scan",
    .summary = "bit-packed column file larger than its memory: read, decode and sum at the same time",
    .default_shape = "mib=128 budget_mib=16",
    .input = "table",
    .prepare = prepare};

}  // namespace ridgepoint
