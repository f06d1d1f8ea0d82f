// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "model/core/ports.h"
#include "model/core/study.h"
#include "model/core/team.h"
#include "workloads/study/patch_net.h"

// Small against large batches on one small network (Keskar et al. 2016): sharpness of the minimum and error
// on patches not seen.

namespace ridgepoint::study {

struct BatchSettings {
  std::int64_t seeds = 5;
  std::uint64_t seed = 1001;  ///< of the first; each has its own data, start and order
  std::size_t train = 1500, test = 2000;
  std::int64_t small_batch = 16, small_epochs = 25;
  std::int64_t large_batch = 150, large_epochs = 100;  ///< a tenth of the data at a time
};

/// Trained from net_start(seed) by Adam at its usual settings (1e-3, 0.9, 0.999, 1e-8), in an order drawn for
/// each epoch; stops early when the program is interrupted.
std::vector<float> train(const Patches& patches, std::uint64_t seed, std::int64_t batch, std::int64_t epochs);

/// Keskar's sharpness in the full space, in per cent: 100 (max f(x + z) - f(x)) / (1 + f(x)) over the box
/// |z_i| <= epsilon (|x_i| + 1), f the loss on all patches. The maximum is sought by ten steps to the corner
/// of the box where the gradient points, halved until the loss rises: a lower bound.
double sharpness(const std::vector<float>& weights, const Patches& patches, double epsilon);

/// All trainings, spread over the team: the figures are the same with any number of threads. `step` is told
/// the share done.
Result<BatchResult> run_batches(const BatchSettings& settings, Team& team,
                                const std::function<void(double)>& step);

/// Fills ratio and gap from the runs.
void compare_batches(BatchResult& result);

std::vector<std::string> batch_fixed(const BatchSettings& settings);
/// Is the ratio of sharpness above 1.5, and does the small batch do better on patches not seen?
std::vector<StudyClaim> batch_claims(const BatchResult& result);
std::vector<StudyEvidence> batch_evidence();
std::vector<std::string> batch_limits();

}  // namespace ridgepoint::study
