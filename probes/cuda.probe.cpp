// SPDX-License-Identifier: Apache-2.0
// Every CUDA device: what it is, peak arithmetic of vector and tensor units, memory, launch and link. In a
// helper process, because a driver may crash or hang.
#include "probes/accelerator.h"
#include "probes/cuda_measure.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr double kPatience_s = 10;  // a driver without its persistence daemon takes seconds to wake a card
constexpr double kSetUp_s = 20;

ProbeOutcome run(const ProbeContext& context) {
  if (!any_asked_for("accelerator.cuda", context)) return {};
  ProbeOutcome first;
  if (context.visit == 0) {
    first = with_driver(
        "cuda", [&] { return identify_cuda(context.host); }, kPatience_s);
    if (first.status != ProbeStatus::ok) return first;
  }
  ProbeOutcome outcome = with_driver(
      "cuda", [&] { return measure_cuda(context); }, 3 * context.budget_s + kSetUp_s);
  if (outcome.status != ProbeStatus::interrupted) outcome.facts.merge(first.facts);
  return outcome;
}

}  // namespace

extern const Probe cuda_probe;
const Probe cuda_probe{
    .id = "cuda",
    .summary =
        "CUDA devices: peak of vector and tensor units, memory bandwidth, launch latency, link to the host",
    .method =
        "helper process; per device: 12 multiply-add chains a thread in registers, 16x16x16 warp matrix "
        "products "
        "(WMMA) on tensor units (fixed point or exact sum verified in every sample), read, copy and triad "
        "over random "
        "data (verified once), empty kernels, copies from pinned and pageable memory (contents compared); "
        "host clock "
        "around cudaDeviceSynchronize; below the standard level the first device of each name",
    .measures = true,
    .revisit = true,
    .rank = 61,
    .seconds = {1, 4, 20},
    .run = run};

}  // namespace ridgepoint
