// SPDX-License-Identifier: Apache-2.0
// What the study of batch size makes of its runs.
#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/core/stats.h"
#include "workloads/study/batch_size.h"

namespace ridgepoint::study {
namespace {

constexpr double kSharper = 1.5;

/// Two-sided 95 % points of Student's distribution for 1 to 10 degrees of freedom; beyond that a little wide.
double student(std::size_t freedom) {
  constexpr std::array<double, 10> kPoints = {12.706, 4.303, 3.182, 2.776, 2.571,
                                              2.447,  2.365, 2.306, 2.262, 2.228};
  return kPoints[std::min(freedom, kPoints.size()) - 1];
}

Interval spread_of(const std::vector<double>& values) {
  const Summary s = summarise(values);
  return {s.median, s.min, s.max};
}

}  // namespace

void compare_batches(BatchResult& result) {
  std::vector<double> wide, narrow, gaps;
  for (std::size_t i = 0; i + 1 < result.runs.size(); i += 2) {
    const BatchRun &small = result.runs[i], &large = result.runs[i + 1];
    if (small.sharpness_wide > 0) wide.push_back(large.sharpness_wide / small.sharpness_wide);
    if (small.sharpness_narrow > 0) narrow.push_back(large.sharpness_narrow / small.sharpness_narrow);
    gaps.push_back(small.test_share - large.test_share);
  }
  if (!wide.empty()) result.ratio_wide = spread_of(wide);
  if (!narrow.empty()) result.ratio_narrow = spread_of(narrow);
  if (gaps.size() < 2) return;
  const auto n = static_cast<double>(gaps.size());
  double mean = 0, square = 0;
  for (const double g : gaps) mean += g / n;
  for (const double g : gaps) square += (g - mean) * (g - mean);
  const double half = student(gaps.size() - 1) * std::sqrt(square / (n - 1) / n);
  result.test_gap = Interval{mean, mean - half, mean + half};
}

std::vector<StudyClaim> batch_claims(const BatchResult& result) {
  StudyClaim sharp{
      .claim = "The large batch ends in a sharper minimum: the median ratio of sharpness at epsilon " +
               show_number(result.epsilon_wide) + " is above " + show_number(kSharper),
      .holds = std::nullopt,
      .seen = "no ratio"};
  if (result.ratio_wide) {
    sharp.holds = result.ratio_wide->value > kSharper;
    sharp.seen = "median " + show_number(result.ratio_wide->value) + ", " +
                 show_number(result.ratio_wide->lo) + " to " + show_number(result.ratio_wide->hi) + " over " +
                 std::to_string(result.runs.size() / 2) + " seeds";
  }
  StudyClaim worse{
      .claim = "The large batch does worse on patches not seen: the 95 % interval of the gap lies above 0",
      .holds = std::nullopt,
      .seen = "one seed tells no interval"};
  if (result.test_gap) {
    const Interval& g = *result.test_gap;
    if (g.lo > 0 || g.hi < 0) worse.holds = g.lo > 0;
    worse.seen = "mean gap " + show_number(100 * g.value) + " points, " + show_number(100 * g.lo) + " to " +
                 show_number(100 * g.hi);
  }
  return {sharp, worse};
}

std::vector<std::string> batch_fixed(const BatchSettings& s) {
  return {
      std::to_string(s.train) + " patches of 20 x 20 to learn from and " + std::to_string(s.test) +
          " others to test on: blob, tube, ellipse or ring of height 1 in noise of standard deviation " +
          show_number(kPatchNoise),
      "a network of " + std::to_string(NetLayout::count) +
          " parameters: two 3x3 convolutions (8, 16 planes) with maxima, then 400-32-4; Adam at its usual "
          "settings",
      "small: batch " + std::to_string(s.small_batch) + ", " + std::to_string(s.small_epochs) +
          " epochs; large: batch " + std::to_string(s.large_batch) +
          " (a tenth of the data, as in the paper), " + std::to_string(s.large_epochs) +
          " epochs, which lets it reach as low a loss",
      std::to_string(s.seeds) + " seeds; each has its own data, start and order, both batches the same start",
      "sharpness as in the paper's metric 2.1 in the full space; ten steps to the corner of the box that the "
      "gradient points to, in place of ten iterations of L-BFGS-B"};
}

std::vector<StudyEvidence> batch_evidence() {
  return {
      {"Six networks: large batches end in sharper minima and tell 0.2 to 5 points fewer right (recalled, "
       "not "
       "read again)",
       "arXiv 1609.04836", true},
      {"The same design with another trainer and maximiser: ratio 2.5 and gap 2.5 points over three seeds",
       "a trial before this program, figures kept, code not", true},
      {"Sharpness changes when layers are scaled and the function is not: it is no cause by itself "
       "(recalled)",
       "Dinh et al. 2017", false},
      {"Longer training with tuned rates closes much of the gap (recalled)", "Hoffer et al. 2017", false},
      {"3D U-Net to the same Dice: 0.447 M samples at batch 2, 0.316 M at 32, 0.372 M at 56, 0.259 M at 80: "
       "small "
       "batches cost samples, too",
       "mlcommons/logging rcp training_1.1.0", false}};
}

std::vector<std::string> batch_limits() {
  return {
      "a small network on made-up pictures: the direction carries over, the figures do not",
      "both batches use one learning rate, as in the paper; a tuned large batch was not tried",
      "the sharpness found is a lower bound of the largest in the box, by another maximiser than the paper's",
      "figures are the same for any number of threads, and differ in the last places between vector lengths",
      "samples to the target are means of published runs at rates chosen for each batch; between those "
      "batches "
      "nothing is interpolated",
      "time is samples times the time of one step by the laws of `fit`, in FP32 on one device: input, "
      "evaluation "
      "and idle time are not in it; the law gives a large step at once no gain over the same samples in "
      "small ones",
      "accumulating gradients gives the same gradient with the instance norm of this network; with batch "
      "norm it "
      "would not"};
}

}  // namespace ridgepoint::study
