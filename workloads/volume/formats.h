// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/volume/mapped_file.h"
#include "workloads/volume/volume_file.h"

// One home per format: metaimage.cpp, nifti.cpp, nrrd.cpp, raw_volume.cpp, dicom.cpp. None of them reads
// voxels but DICOM, whose slices may be packed in ways only its library knows.

namespace ridgepoint {

bool is_nifti(std::string_view head);  ///< of the unpacked bytes
bool is_nrrd(std::string_view head);
bool is_metaimage(std::string_view head);
bool is_dicom(std::string_view head);

/// `file` is the whole file at `path`; `packed` says that it is gzip around NIfTI.
Result<VolumeHeader> nifti_header(const MappedFile& file, const std::string& path, bool packed);
Result<VolumeHeader> nrrd_header(const MappedFile& file, const std::string& path);
Result<VolumeHeader> metaimage_header(const MappedFile& file, const std::string& path);
Result<VolumeHeader> raw_header(const MappedFile& file, const VolumeSource& source);

/// A folder of slices, or one file. With the GDCM library; else `unavailable`.
Result<VolumeHeader> dicom_header(const VolumeSource& source);
/// Reads the slices of `header` into `out`; where they differ in slope or intercept, the header has slope 1,
/// type float32, and `out` takes the scaled values.
Result<void> dicom_voxels(const VolumeHeader& header, std::span<std::byte> out);

// What the parsers of text headers share.

/// "bad_input: 'path' is no usable <format> file", with the reason.
tl::unexpected<Error> bad_volume(const std::string& format, const std::string& path, const std::string& why);
/// Exactly `n` finite numbers, separated by spaces.
Result<std::vector<double>> numbers_of(std::string_view text, std::size_t n, const std::string& format,
                                       const std::string& path);
/// A whole number within +-2^53, or nothing.
std::optional<std::int64_t> whole_of(std::string_view text);
/// `name` beside the header file. Other folders are refused: a header must not choose what is read.
Result<std::string> beside(const std::string& header_path, std::string_view name, const std::string& format);
std::string lower_case(std::string_view text);

}  // namespace ridgepoint
