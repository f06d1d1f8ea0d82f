// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ridgepoint {

/// One point of a latency curve.
struct CurvePoint {
  double byte = 0, seconds = 0;
};

/// A stretch of working sets over which the latency hardly rises: what one level of memory holds.
struct Plateau {
  double from_byte = 0, to_byte = 0;
  double seconds = 0, lo = 0, hi = 0;  ///< median, least and most of its points
  bool shoulder = false;               ///< the curve only rises more slowly here
};

/// Where a plateau ends. lo and hi are the measured working sets on either side of the capacity.
struct Knee {
  double byte = 0, lo = 0, hi = 0;
};

/// A latency curve as stairs. knees[i] ends plateaus[i]; the last plateau has one only if the curve goes on.
struct Stairs {
  std::vector<Plateau> plateaus;
  std::vector<Knee> knees;
};

/// Finds the stairs of a curve sorted by size. Dips are noise: the curve is first made non-decreasing
/// (pool adjacent violators, on logarithms). A plateau is a run of segments that rise by less than a fifth of
/// an octave an octave, at least an octave long; neighbours less than 30 % apart are one. Where the latency
/// more than quadruples between two plateaus, the segment there that rises at most half as fast as some
/// before and some behind it is a shoulder: a cache that is shared or partitioned. The capacity is the most
/// bytes that still hit: of a working set S the share m = (latency - below) / (above
/// - below) misses, so S (1 - m) hit; its maximum over the rise is reached at the knee by a cache that keeps
/// the oldest or the newest lines, and beyond it by one that replaces at random.
Stairs find_stairs(const std::vector<CurvePoint>& curve);

/// A cache as the firmware tells it.
struct ToldCache {
  std::string name;
  double byte = 0;
};

/// Names for the knees: those of the told caches, order kept, as near as possible on a logarithmic scale;
/// without told caches l1d, l2, l3 in order. A knee that fits no cache has an empty name.
std::vector<std::string> name_knees(const std::vector<Knee>& knees, const std::vector<ToldCache>& told);

}  // namespace ridgepoint
