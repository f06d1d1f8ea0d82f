// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/result.h"
#include "model/core/team.h"

namespace ridgepoint {

constexpr std::size_t kBins = 256;         ///< of every feature, one byte each
constexpr std::size_t kChunkRows = 65536;  ///< packed sums of so many rows fit their 32 bits

/// Gradient and hessian of a row in units of 2^-15: sums of them are exact in FP64 and in integers alike.
struct Gradient {
  std::int16_t g;
  std::uint16_t h;
};

struct GradientSum {
  std::int64_t g, h;  ///< in units of 2^-15
  bool operator==(const GradientSum&) const = default;
};

/// Rows of features cut into bins, as a boosted-tree library keeps them. Features lie in blocks: block b
/// holds, row after row, `block` bytes.
struct BinnedRows {
  std::size_t rows = 0, features = 0, block = 32;
  Buffer bins;       ///< uint8[features / block][rows][block]
  Buffer gradients;  ///< Gradient[rows]
  Buffer floats;     ///< the same as two fp32 a row
  /// Rows of each node of the tree's level, ascending; empty where all rows are one node.
  std::vector<std::vector<std::uint32_t>> nodes;
  /// Their gradients in the same order, as partitioning leaves them beside the ids: neighbours, where the
  /// rows' own are not.
  std::vector<std::vector<Gradient>> node_gradients;
  std::vector<std::vector<float>> node_floats;
  std::uint8_t bin(std::size_t row, std::size_t feature) const {
    return bins.as<std::uint8_t>()[(feature / block * rows + row) * block + feature % block];
  }
};

struct BinnedShape {
  std::size_t rows, features, block, nodes;
  bool skewed;  ///< bins by the fourth power of a uniform number: a quarter of the rows in bin 0
};

/// Precondition: block is 8, 16 or 32 and divides features.
Result<BinnedRows> binned_rows(const BinnedShape& shape, std::uint64_t seed, Team& team);

/// How sums are kept while rows pass: two FP64 a bin (16 B), or two 32-bit integers in one word (8 B).
enum class HistogramSums { fp64, packed };

/// Histograms of one level: of every node, feature and bin the sums of g and h. The work is cut into chunks
/// of rows by blocks of features, whatever the number of threads; the chunks' sums are added in order, so
/// the answer does not depend on the threads. Cost: of a (row, feature) 1 B bin and two additions in a
/// private table of 16 (8) B x 256 x 8 in the first-level cache; of a (row, block) 8 B gradients (packed: 4
/// B) and, with nodes, a row id of 4 B.
class HistogramBuilder {
 public:
  static Result<HistogramBuilder> make(std::shared_ptr<Team> team, const BinnedRows& data,
                                       HistogramSums sums);
  void build();
  /// [node][feature][bin]
  std::vector<GradientSum> sums() const;
  /// The same as they lie: [node][feature][bin] pairs of g, h.
  const double* totals() const { return total_.as<double>(); }
  std::size_t total_count() const { return total_.bytes() / sizeof(double); }

 private:
  struct Unit {
    std::size_t node, block, begin, end;  ///< positions in the node's rows
  };
  HistogramBuilder(std::shared_ptr<Team> team, const BinnedRows& data, HistogramSums sums);
  void one_unit(const Unit& unit, double* out, std::vector<double>& table) const;

  std::shared_ptr<Team> team_;
  const BinnedRows* data_;
  HistogramSums sums_;
  std::vector<Unit> units_;                  ///< ordered by node, block, chunk
  std::vector<std::vector<double>> tables_;  ///< one a member
  Buffer partial_, total_;  ///< double[units][block][256][2], double[nodes][features][256][2]
};

}  // namespace ridgepoint
