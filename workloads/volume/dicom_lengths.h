// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "model/core/result.h"

namespace ridgepoint {

/// Walks the elements of a DICOM file before a library may: an element that claims more bytes than the file
/// has (and would be allocated), more than 16 sequences within each other, or a deflated data set is refused.
Result<void> check_dicom_lengths(std::span<const std::byte> file, const std::string& path);

}  // namespace ridgepoint
