// SPDX-License-Identifier: Apache-2.0
#include "workloads/study/resolution.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "model/core/format.h"
#include "model/core/text.h"
#include "workloads/study/froc.h"

namespace ridgepoint::study {
namespace {

constexpr double kFine_mm = 1;
constexpr double kReadAt = 4;  ///< false positives a scan
constexpr double kFlat = 0.1;  ///< that > 8 mm may lose and still be called flat
constexpr std::array<double, 3> kFrom = {3, 5, 8};
constexpr std::array<double, 3> kBelow = {5, 8, std::numeric_limits<double>::infinity()};
constexpr double kMemory_byte = 4e9;

struct Row {
  Scored scored;
  std::vector<double> times;
};

ResolutionPoint point_of(double voxel_mm, const Row& row, std::int64_t edge) {
  ResolutionPoint p;
  p.voxel_mm = voxel_mm;
  const double n = std::floor(static_cast<double>(edge) * kFine_mm / voxel_mm + 1e-9);
  p.image_byte = 4 * n * n * n;
  p.detect_s = summarise(row.times);
  p.threshold = threshold_at(row.scored, kReadAt);
  for (std::size_t i = 0; i < kFrom.size(); ++i)
    p.by_diameter.push_back(found_between(row.scored, p.threshold, kFrom[i], kBelow[i]));
  for (const double rate : kFrocRates) {
    const FoundShare all = found_between(row.scored, threshold_at(row.scored, rate), 0);
    p.froc.push_back({rate, all.share ? all.share->value : 0});
  }
  return p;
}

/// Share of objects found, and of those found at the finest voxels how much is left.
struct Kept {
  std::vector<double> share, left;
};

std::optional<Kept> kept_of(const ResolutionResult& r, std::size_t bin) {
  Kept out;
  for (const ResolutionPoint& p : r.points) {
    if (bin >= p.by_diameter.size() || !p.by_diameter[bin].share) return std::nullopt;
    out.share.push_back(p.by_diameter[bin].share->value);
    if (!(out.share.front() > 0)) return std::nullopt;
    out.left.push_back(out.share.back() / out.share.front());
  }
  return out;
}

std::string seen(const ResolutionResult& r, std::size_t bin) {
  std::string out;
  for (const ResolutionPoint& p : r.points) {
    const FoundShare& f = p.by_diameter[bin];
    out += (out.empty() ? "" : ", ") + std::to_string(f.found) + " of " + std::to_string(f.of) + " at " +
           show_number(p.voxel_mm) + " mm";
  }
  return out;
}

/// Index of the first voxel size with less than half left; their number where there is none.
std::size_t half_gone(const Kept& k) {
  return static_cast<std::size_t>(std::ranges::find_if(k.left, [](double v) { return v < 0.5; }) -
                                  k.left.begin());
}

StudyClaim small_first(const ResolutionResult& r) {
  StudyClaim c{
      .claim =
          "Nodules of 3 to 5 mm are lost first: they fall below half of what is found at the finest "
          "voxels no later than those of 5 to 8 mm, keep a smaller part at the coarsest, and their 95 % "
          "intervals at the finest and the coarsest voxels do not meet",
      .holds = std::nullopt,
      .seen = "3-5 mm: " + seen(r, 0) + "; 5-8 mm: " + seen(r, 1)};
  const auto small = kept_of(r, 0), middle = kept_of(r, 1);
  if (!small || !middle || r.points.size() < 2) return c;
  const bool apart = r.points.back().by_diameter[0].share->hi < r.points.front().by_diameter[0].share->lo;
  c.holds = half_gone(*small) < small->left.size() && half_gone(*small) <= half_gone(*middle) &&
            small->left.back() < middle->left.back() && apart;
  return c;
}

StudyClaim large_flat(const ResolutionResult& r) {
  StudyClaim c{
      .claim = "Nodules of 8 mm and more do not mind: at every size of voxels their share is less than " +
               show_number(kFlat) + " below that at the finest",
      .holds = std::nullopt,
      .seen = "8 mm and more: " + seen(r, 2)};
  if (const auto large = kept_of(r, 2))
    c.holds = std::ranges::all_of(large->share, [&](double s) { return s > large->share.front() - kFlat; });
  return c;
}

}  // namespace

Result<ResolutionResult> run_resolution(const ResolutionSettings& settings, Team& team,
                                        const std::function<void(double)>& step) {
  std::vector<Row> rows(settings.voxels_mm.size());
  ResolutionResult out;
  for (std::int64_t scan = 0; scan < settings.scans; ++scan) {
    const PhantomRequest request{.size = {settings.edge, settings.edge, settings.edge},
                                 .spacing = {kFine_mm, kFine_mm, kFine_mm},
                                 .seed = settings.seed + static_cast<std::uint64_t>(scan),
                                 .nodules = settings.nodules,
                                 .dose = 1};
    const auto phantom = make_phantom(request, team, kMemory_byte);
    if (!phantom) return tl::make_unexpected(phantom.error());
    const Image fine = lungs_of(*phantom, make_scene(request).anatomy, team);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto begin = std::chrono::steady_clock::now();
      const auto found = ball_candidates(box_means(fine, settings.voxels_mm[i], team), team);
      rows[i].times.push_back(
          std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
      if (Interrupt::requested())
        return fail(ErrorKind::interrupted, "stopped within the study", "", "run it again");
      score_scan(found, phantom->truth.nodules, settings.voxels_mm[i] / 2, rows[i].scored);
    }
    out.nodules += std::ssize(phantom->truth.nodules);
    step(static_cast<double>(scan + 1) / static_cast<double>(settings.scans));
  }
  out.scans = settings.scans;
  out.false_per_scan = kReadAt;
  out.detector = "difference of Gaussians at 3 to 22 mm, each peak times its roundness; untrained";
  for (std::size_t i = 0; i < rows.size(); ++i)
    out.points.push_back(point_of(settings.voxels_mm[i], rows[i], settings.edge));
  return out;
}

std::vector<StudyClaim> resolution_claims(const ResolutionResult& result) {
  return {small_first(result), large_flat(result)};
}

std::vector<std::string> resolution_fixed(const ResolutionSettings& settings) {
  return {
      std::to_string(settings.scans) + " scans of " + std::to_string(settings.edge) +
          "^3 voxels of 1 mm from the generator of `phantom`, " + std::to_string(settings.nodules) +
          " nodules tried in each: diameters log-uniform from 3 to 30 mm; solid, part-solid and "
          "ground-glass; "
          "free, at the wall and at vessels",
      "coarser scans are means over cubes of the fine one; the detector's scales are the same in mm "
      "throughout",
      "at each size of voxels one threshold, the one that lets " + show_number(kReadAt) +
          " false positives a scan through; nothing else differs between sizes",
      "a hit lies within the radius plus half a voxel, so that rounding to a coarse grid alone loses nothing",
      "what lies outside the lungs is blanked at full resolution: finding the lungs is taken as solved",
      "the detector was settled on the scans of seeds 1 and 2, where a first form that mixed the scales "
      "before it "
      "looked for peaks had lost large nodules too; the default seed was not looked at before",
      "bins of 3-5, 5-8 and from 8 mm; 95 % intervals by Wilson's formula"};
}

std::vector<StudyEvidence> resolution_evidence() {
  return {
      {"Proposals for lung nodules: finer is better, mostly for the smallest nodules, at more memory (the "
       "claim "
       "reproduced here)",
       "arXiv 1802.02179", true},
      {"Chest radiographs from 320 to 64 pixels: AUC for nodules 0.854 to 0.689; best at 256 to 448 pixels",
       "PMC8017385", true},
      {"Mammograms at full, half and quarter resolution: AUC 0.912, 0.870, 0.813", "arXiv 2009.08563", true},
      {"CT slices of 5, 1 and 0.25 mm: sensitivity 79.8, 91.5 and 86.7 % at 2.8, 5.2 and 4.7 false positives "
       "a "
       "scan: finer than 1 mm was no better",
       "PMC12575579", false},
      {"Detection on LUNA16 at 1.25 and 2.5 mm was comparable; 2.5 mm was best in accuracy, memory and time "
       "together, coarser was worse",
       "core.ac.uk work 125786445", false},
      {"nnU-Net from 7.7 to 36.6 GB: kidney tumours +2.6 points of Dice, but brain tumours and heart -0.1",
       "arXiv 2404.09556", false}};
}

std::vector<std::string> resolution_limits() {
  return {
      "a classic detector on a synthetic chest: the order in which sizes are lost carries over, the "
      "percentages do "
      "not; no reader and no patient was involved",
      "thresholds are chosen on the scans that are scored, as free-response curves are",
      "the fine scan has voxels of 1 mm: nothing is said about finer ones, where studies on patients saw no "
      "gain",
      "down-sampling averages; a scan taken at thicker slices has other noise and blur",
      "no trained network is in this study: the second detector (a small 3D CNN) is absent",
      "memory, time and cost are of the network named, on a whole chest of 360 mm, by the laws of `fit`; the "
      "detector's own time was measured on this machine"};
}

}  // namespace ridgepoint::study
