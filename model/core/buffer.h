// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include "model/core/result.h"

namespace ridgepoint {

/// Huge pages asked for (madvise), or what any program gets that does not ask.
enum class Pages { huge, ordinary };

/// Anonymous memory for kernels: page-aligned, not yet touched, so that the threads that use it can touch it
/// first.
class Buffer {
 public:
  static Result<Buffer> make(std::size_t bytes, Pages pages = Pages::huge);
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(other.bytes_), huge_(other.huge_) {}
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  std::size_t bytes() const { return bytes_; }
  /// Did the kernel accept the huge-page request? (Accepted is not yet granted.)
  bool huge_pages_requested() const { return huge_; }

  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  Buffer(void* data, std::size_t bytes, bool huge) : data_(data), bytes_(bytes), huge_(huge) {}
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
  bool huge_ = false;
};

}  // namespace ridgepoint
