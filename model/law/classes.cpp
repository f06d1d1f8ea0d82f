// SPDX-License-Identifier: Apache-2.0
// The kernel classes and what they share.
#include <array>
#include <string_view>

#include "model/core/text.h"
#include "model/law/law.h"

namespace ridgepoint {
namespace {

constexpr std::array<std::string_view, 8> kMatrixLike = {"conv2d-inference",      "conv3d-inference",
                                                         "conv2d-training",       "conv3d-training",
                                                         "convolution",           "gemm",
                                                         "recommender-inference", "recommender-training"};

}  // namespace

bool overlaps(TermKind kind) {
  return kind == TermKind::compute || kind == TermKind::memory || kind == TermKind::on_chip ||
         kind == TermKind::core_bandwidth;
}

bool is_matrix_like(const std::string& kernel_class) {
  for (const std::string_view k : kMatrixLike)
    if (k == kernel_class) return true;
  return false;
}

std::string group_of(TermKind kind, const std::string& kernel_class) {
  if (kind == TermKind::compute) return is_matrix_like(kernel_class) || kernel_class == "fma" ? "dense" : "";
  if (kind == TermKind::memory) {
    if (starts_with(kernel_class, "cache-")) return "cache";
    if (starts_with(kernel_class, "stream-") || kernel_class == "spmv" || kernel_class == "column-scan" ||
        kernel_class == "stencil-solver")
      return "streams";
  }
  return "";
}

double bytes_of(const std::string& precision) {
  if (precision == "int8" || precision == "fp8") return 1;
  if (precision == "fp16" || precision == "bf16" || precision == "int16") return 2;
  if (precision == "fp64") return 8;
  return 4;
}

}  // namespace ridgepoint
