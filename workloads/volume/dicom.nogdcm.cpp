// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

tl::unexpected<Error> absent() {
  return fail(ErrorKind::unavailable, "this program was built without GDCM", "DICOM series are read with it",
              "install libgdcm-dev and configure again, or convert the series to NIfTI");
}

}  // namespace

Result<VolumeHeader> dicom_header(const VolumeSource&) { return absent(); }
Result<void> dicom_voxels(const VolumeHeader&, std::span<std::byte>) { return absent(); }

}  // namespace ridgepoint
