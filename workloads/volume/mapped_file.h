// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "model/core/result.h"

namespace ridgepoint {

/// A regular file, mapped read-only as a whole and unmapped with its last owner. Whoever cuts the file short
/// meanwhile ends the program (SIGBUS), as with every mapping.
class MappedFile {
 public:
  /// A folder, device, pipe, missing or empty file is a clear error.
  static Result<MappedFile> open(const std::string& path);

  std::span<const std::byte> bytes() const { return {data_.get(), size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_.get()), size_}; }
  const std::shared_ptr<const std::byte>& owner() const { return data_; }

 private:
  std::shared_ptr<const std::byte> data_;
  std::size_t size_ = 0;
};

}  // namespace ridgepoint
