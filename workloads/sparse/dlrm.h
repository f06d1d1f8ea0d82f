// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/result.h"
#include "model/core/team.h"

namespace ridgepoint {

/// A deep learning recommendation model (Naumov et al. 2019): 13 numbers through a dense "bottom" net, one
/// row of each of 26 embedding tables, the dot products of all pairs of these 27 vectors, a dense "top" net.
constexpr std::size_t kDlrmNumbers = 13, kDlrmTables = 26, kDlrmVectors = kDlrmTables + 1,
                      kDlrmPairs = kDlrmVectors * (kDlrmVectors - 1) / 2, kDlrmDim = 64,
                      kDlrmTopIn = kDlrmDim + kDlrmPairs;

struct DenseLayer {
  std::size_t in, out;
  std::size_t weights;  ///< place of out x in weights, then out biases, in the model's parameters
  bool relu;
  std::size_t biases() const { return weights + in * out; }
  std::size_t end() const { return biases() + out; }
};

/// 13-512-256-64 and 415-512-256-1.
const std::array<DenseLayer, 3>& dlrm_bottom();
const std::array<DenseLayer, 3>& dlrm_top();
std::size_t dlrm_parameters();

struct DlrmModel {
  std::size_t table_rows = 0;
  std::vector<float> dense;  ///< all layers' weights and biases
  Buffer tables;             ///< float[26][table_rows][64]
};

/// Rows to score: `batch` of them are one execution's.
struct DlrmRows {
  std::size_t rows = 0;
  std::vector<float> numbers;       ///< [rows][13]
  std::vector<std::uint32_t> ids;   ///< [rows][26]
  std::vector<std::uint8_t> label;  ///< [rows]
};

Result<DlrmModel> dlrm_model(std::size_t table_rows, std::uint64_t seed, Team& team);
DlrmRows dlrm_rows(std::size_t rows, std::size_t table_rows, double zipf, std::uint64_t seed);

/// Activations and gradients of a slice of rows; each thread has one.
class DlrmSlice {
 public:
  explicit DlrmSlice(std::size_t most_rows);
  /// Scores rows [first, first + n) into logits[0, n). False where a product failed. Cost of a row: 26
  /// embedding rows of 256 B in random places, 2 flop a weight and 2 x 351 x 64 for the pairs.
  bool forward(const DlrmModel& model, const DlrmRows& rows, std::size_t first, std::size_t n, float* logits);
  /// After forward: gradients of the sum of log-losses / `of` by the dense parameters (set) and by the
  /// embedding rows, [n][26][64]. Cost of a row: 4 flop a weight (2 in the first layer) and 4 x 351 x 64.
  bool backward(const DlrmModel& model, const DlrmRows& rows, std::size_t first, std::size_t n, double of,
                float* dense, float* embeddings);

 private:
  std::array<std::vector<float>, 3> bottom_, top_;  ///< outputs of the layers
  std::vector<float> vectors_, dots_, top_in_;      ///< [n][27][64], [n][27][27], [n][415]
  std::vector<float> d_vectors_, d_dots_, d_top_in_, d_one_, d_two_;
};

/// One execution on a team, the same answer for every number of threads: slices of kDlrmSliceRows rows, whose
/// gradients are added in order.
constexpr std::size_t kDlrmSliceRows = 256;
class Dlrm {
 public:
  static Result<Dlrm> make(std::shared_ptr<Team> team, DlrmModel model, DlrmRows rows, std::size_t batch);
  /// The next `batch` rows, from the front again at the end.
  bool score();
  /// score(), then one step of plain descent with rate 0.05 on the mean log-loss of the batch.
  bool train();
  const DlrmModel& model() const { return model_; }
  const DlrmRows& rows() const { return rows_; }
  const std::vector<float>& logits() const { return logits_; }  ///< of the last batch

 private:
  Dlrm(std::shared_ptr<Team> team, DlrmModel model, DlrmRows rows, std::size_t batch);
  std::size_t next_batch();
  void step(std::size_t first);

  std::shared_ptr<Team> team_;
  DlrmModel model_;
  DlrmRows rows_;
  std::size_t batch_, slices_, cursor_ = 0;
  std::vector<DlrmSlice> own_;              ///< one a member
  std::vector<std::vector<float>> dense_;   ///< gradients, one a slice
  std::vector<float> embeddings_, logits_;  ///< [batch][26][64], [batch]
};

/// Moves one parameter: of the tables, or of the dense ones.
struct DlrmNudge {
  bool in_table = false;
  std::size_t index = 0;
  double by = 0;
};
/// The slow reference: logits of rows [0, n) in FP64, entry by entry.
std::vector<double> dlrm_slow_logits(const DlrmModel& model, const DlrmRows& rows, std::size_t n,
                                     const DlrmNudge& nudge = {});

}  // namespace ridgepoint
