// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/result.h"

namespace ridgepoint {

/// The probe's option for another folder, as it stands in remedies.
inline const std::string kStorageOption = "--storage-dir DIR";

/// A file without a name: O_TMPFILE, or made and unlinked at once where the file system has no such files.
/// The kernel frees it when the program ends, however it ends.
class ScratchFile {
 public:
  /// In `folder`, for direct I/O where that can be had. Errors: unavailable; `option` is how the user names
  /// another folder.
  static Result<ScratchFile> open(const std::string& folder, const std::string& option = kStorageOption);
  /// A file of the user's, for reading only; it is left where it is. Errors: bad_input, io.
  static Result<ScratchFile> open_existing(const std::string& path);
  ScratchFile(ScratchFile&& other) noexcept;
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ScratchFile& operator=(ScratchFile&&) = delete;
  ~ScratchFile();

  int descriptor() const { return descriptor_; }
  bool direct() const { return direct_; }
  /// Why the page cache is in between; empty while direct().
  const std::string& obstacle() const { return obstacle_; }
  /// Writes the first block directly; where the kernel or that write says that its alignment is wrong, goes
  /// on through the page cache. To be called once the room is known: a file beyond its limit is a signal.
  void prove_direct();

 private:
  void give_up_direct(const std::string& obstacle);
  ScratchFile(int descriptor, bool direct, std::string obstacle)
      : descriptor_(descriptor), direct_(direct), obstacle_(std::move(obstacle)) {}
  int descriptor_;
  bool direct_;
  std::string obstacle_;
};

/// What limits a file in a folder.
struct FileRoom {
  double free_byte;   ///< for this user, now
  double limit_byte;  ///< RLIMIT_FSIZE; infinity without one
};
Result<FileRoom> room_in(int descriptor);

inline constexpr std::size_t kLeastFile = 4U << 20;

/// The wish, at most a quarter of the free space and never beyond the limit, in whole MiB. Error: less than
/// kLeastFile is left.
Result<std::size_t> file_size_for(double wish_byte, const FileRoom& room);

/// Why a request on the scratch file failed and what to do: no room or permission is `unavailable`, a device
/// that fails is `io`.
Error storage_trouble(const std::string& verb, int code, const std::string& option = kStorageOption);

}  // namespace ridgepoint
