// SPDX-License-Identifier: Apache-2.0
#include "model/core/scratch_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "model/core/format.h"
#include "model/core/text.h"
#include "model/core/units.h"

namespace ridgepoint {
namespace {

constexpr int kAlign = 4096;

int open_unnamed(const std::string& folder, int flags) {
  return ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | flags, 0600);
}

int open_unlinked(const std::string& folder, int flags) {
  std::string name = folder + "/.ridgepoint-XXXXXX";
  const int file = ::mkostemp(name.data(), O_CLOEXEC | flags);
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

int open_either(const std::string& folder, int flags) {
  const int file = open_unnamed(folder, flags);
  const bool no_such_files = errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT;
  return file < 0 && no_such_files ? open_unlinked(folder, flags) : file;
}

/// What the kernel says against direct I/O in blocks of 4 KiB; empty where it agrees or does not tell.
std::string objection_to_direct([[maybe_unused]] int descriptor) {
#ifdef STATX_DIOALIGN  // Linux 6.1
  struct statx seen {};
  if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_DIOALIGN, &seen) != 0) return {};
  if ((seen.stx_mask & STATX_DIOALIGN) == 0) return {};
  if (seen.stx_dio_offset_align == 0) return "the file system has no direct I/O for this file";
  if (seen.stx_dio_offset_align > kAlign || seen.stx_dio_mem_align > kAlign)
    return "direct I/O needs blocks of " + show_bytes(seen.stx_dio_offset_align) + " here";
#endif
  return {};
}

/// Does the very first direct write say that its alignment is wrong? Other trouble shows where it counts.
bool refuses_a_block(int descriptor) {
  alignas(kAlign) static const std::byte block[kAlign] = {};
  return ::pwrite(descriptor, block, sizeof block, 0) < 0 && errno == EINVAL;
}

}  // namespace

Result<ScratchFile> ScratchFile::open(const std::string& folder, const std::string& option) {
  const int file = open_either(folder, O_DIRECT);
  if (file >= 0) return ScratchFile(file, true, "");
  if (errno == EINVAL)
    if (const int cached = open_either(folder, 0); cached >= 0)
      return ScratchFile(cached, false, "the file system refuses O_DIRECT");
  Error error = storage_trouble("make a scratch file in '" + printable(folder) + "'", errno, option);
  error.kind = ErrorKind::unavailable;
  return tl::make_unexpected(std::move(error));
}

Result<ScratchFile> ScratchFile::open_existing(const std::string& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
  std::string obstacle;
  if (file < 0 && errno == EINVAL) {
    file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    obstacle = "the file system refuses O_DIRECT";
  }
  if (file < 0) {
    const int code = errno;
    return fail(code == EIO ? ErrorKind::io : ErrorKind::bad_input, "cannot open '" + printable(path) + "'",
                std::strerror(code), "give the path of a file that you may read");
  }
  ScratchFile opened(file, obstacle.empty(), obstacle);
  if (const std::string why = opened.direct_ ? objection_to_direct(file) : ""; !why.empty())
    opened.give_up_direct(why);
  return opened;
}

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      direct_(other.direct_),
      obstacle_(std::move(other.obstacle_)) {}

ScratchFile::~ScratchFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ScratchFile::prove_direct() {
  if (!direct_) return;
  std::string why = objection_to_direct(descriptor_);
  if (why.empty() && refuses_a_block(descriptor_)) why = "a direct write of 4 KiB is refused";
  if (!why.empty()) give_up_direct(why);
}

void ScratchFile::give_up_direct(const std::string& obstacle) {
  const int flags = ::fcntl(descriptor_, F_GETFL);
  ::fcntl(descriptor_, F_SETFL, flags & ~O_DIRECT);
  direct_ = false;
  obstacle_ = obstacle;
}

Result<FileRoom> room_in(int descriptor) {
  struct statvfs seen {};
  if (::fstatvfs(descriptor, &seen) != 0)
    return tl::make_unexpected(storage_trouble("ask for the free space", errno));
  FileRoom room{static_cast<double>(seen.f_bavail) * static_cast<double>(seen.f_frsize),
                std::numeric_limits<double>::infinity()};
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    room.limit_byte = static_cast<double>(limit.rlim_cur);
  return room;
}

Result<std::size_t> file_size_for(double wish_byte, const FileRoom& room) {
  const double size = std::floor(std::min({wish_byte, room.free_byte / 4, room.limit_byte}) / kMebi) * kMebi;
  if (size >= static_cast<double>(kLeastFile)) return static_cast<std::size_t>(size);
  if (room.limit_byte < room.free_byte / 4)
    return fail(ErrorKind::unavailable, "there is no room for a scratch file",
                "files may not grow beyond " + show_bytes(room.limit_byte), "ulimit -f unlimited");
  return fail(ErrorKind::unavailable, "there is no room for a scratch file",
              show_bytes(room.free_byte) + " are free and at most a quarter is used",
              "--storage-dir DIR on a file system with room");
}

Error storage_trouble(const std::string& verb, int code, const std::string& option) {
  Error error{ErrorKind::unavailable, "cannot " + verb, std::strerror(code), ""};
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      error.fix = "make room, or " + option + " on a file system with room";
      break;
    case EFBIG:
      error.fix = "ulimit -f unlimited";
      break;
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOENT:
    case ENOTDIR:
      error.fix = option + " where you may write";
      break;
    default:
      error.kind = ErrorKind::io;
      error.fix = "look for the device in the kernel log (dmesg), or " + option + " on another disk";
  }
  return error;
}

}  // namespace ridgepoint
