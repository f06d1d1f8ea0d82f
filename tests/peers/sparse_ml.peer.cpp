// SPDX-License-Identifier: Apache-2.0
// Histograms of boosted trees beside XGBoost's `hist`, logistic regression beside LIBLINEAR, turn by turn in
// one process. Debian packages: libxgboost-dev, liblinear-dev; link with -lxgboost -llinear.
#include <linear.h>
#include <unistd.h>
#include <xgboost/c_api.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tests/peers/interleave.h"
#include "tests/peers/record.h"
#include "workloads/roofs.h"
#include "workloads/sparse/click_rows.h"
#include "workloads/sparse/click_simd.h"
#include "workloads/sparse/gbdt_histogram.h"

namespace ridgepoint::peers {
namespace {

constexpr std::size_t kFeatures = 32;
constexpr double kLambda = 1;

struct Split {
  std::string feature;
  double bin = 0, gain = 0, cover = 0;
  double smallest = 0;  ///< hessians of the smallest node of all, as a share of the root's
};

double smallest_cover(const Json& node) {
  double least = node.at("cover").get<double>();
  if (node.contains("children"))
    for (const Json& child : node.at("children")) least = std::min(least, smallest_cover(child));
  return least;
}

/// The best split of the root from exact sums, as second-order boosting defines it.
Split best_split(const std::vector<GradientSum>& sums) {
  const auto score = [](double g, double h) { return g * g / (h + kLambda); };
  Split best;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    double all_g = 0, all_h = 0, g = 0, h = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
      all_g += static_cast<double>(sums[f * kBins + b].g) * 0x1.0p-15;
      all_h += static_cast<double>(sums[f * kBins + b].h) * 0x1.0p-15;
    }
    for (std::size_t b = 0; b + 1 < kBins; ++b) {
      g += static_cast<double>(sums[f * kBins + b].g) * 0x1.0p-15;
      h += static_cast<double>(sums[f * kBins + b].h) * 0x1.0p-15;
      const double gain = score(g, h) + score(all_g - g, all_h - h) - score(all_g, all_h);
      if (gain > best.gain) best = {"f" + std::to_string(f), static_cast<double>(b + 1), gain, all_h, 0};
    }
  }
  return best;
}

/// A booster on the same bins and gradients; every call of grow() adds one tree of `depth`.
class Xgboost {
 public:
  Xgboost(const BinnedRows& data, int threads, int depth) : rows_(data.rows) {
    std::vector<float> values(data.rows * kFeatures);
    for (std::size_t r = 0; r < data.rows; ++r)
      for (std::size_t f = 0; f < kFeatures; ++f) values[r * kFeatures + f] = data.bin(r, f);
    ok_ = XGDMatrixCreateFromMat_omp(values.data(), rows_, kFeatures, -1, &matrix_, threads) == 0 &&
          XGBoosterCreate(&matrix_, 1, &booster_) == 0;
    const std::pair<const char*, std::string> parameters[] = {
        {"tree_method", "hist"}, {"max_bin", "256"},        {"max_depth", std::to_string(depth)},
        {"lambda", "1"},         {"min_child_weight", "0"}, {"nthread", std::to_string(threads)},
        {"base_score", "0"},     {"verbosity", "0"},        {"objective", "reg:squarederror"}};
    for (const auto& [name, value] : parameters)
      ok_ = ok_ && XGBoosterSetParam(booster_, name, value.c_str()) == 0;
    const auto* const from = data.floats.as<float>();
    for (std::size_t r = 0; r < rows_; ++r) {
      g_.push_back(from[2 * r]);
      h_.push_back(from[2 * r + 1]);
    }
  }
  ~Xgboost() {
    XGBoosterFree(booster_);
    XGDMatrixFree(matrix_);
  }
  Xgboost(const Xgboost&) = delete;
  Xgboost& operator=(const Xgboost&) = delete;

  void grow() { ok_ = XGBoosterBoostOneIter(booster_, matrix_, g_.data(), h_.data(), rows_) == 0 && ok_; }

  /// The root of the first tree; nothing where something failed.
  std::optional<Split> root() const {
    bst_ulong trees = 0;
    const char** dump = nullptr;
    if (!ok_ || XGBoosterDumpModelEx(booster_, "", 1, "json", &trees, &dump) != 0 || trees == 0)
      return std::nullopt;
    const auto json = parse_json(dump[0], "XGBoost's tree");
    if (!json || !json->contains("split")) return std::nullopt;
    return Split{json->at("split").get<std::string>(), json->at("split_condition").get<double>(),
                 json->at("gain").get<double>(), json->at("cover").get<double>(),
                 smallest_cover(*json) / json->at("cover").get<double>()};
  }

 private:
  std::size_t rows_;
  DMatrixHandle matrix_ = nullptr;
  BoosterHandle booster_ = nullptr;
  std::vector<float> g_, h_;
  bool ok_ = false;
};

bool near(double a, double b) { return std::abs(a - b) <= 1e-4 * std::abs(b); }

/// The histograms of all levels of a tree: after the root those of the smaller half of the children; the
/// others are their parents' less theirs.
struct Levels {
  std::vector<BinnedRows> data;
  std::vector<HistogramBuilder> builders;
  std::vector<double> sibling;
  void build() {
    for (std::size_t l = 0; l < builders.size(); ++l) {
      builders[l].build();
      if (l == 0) continue;
      // Children 0, 2, 4 ... were summed; each has its parent's index.
      const double *const mine = builders[l].totals(), *const parents = builders[l - 1].totals();
      const std::size_t known = builders[l - 1].total_count(), cells = builders[l].total_count();
      for (std::size_t begin = 0; begin < cells; begin += known)
        for (std::size_t c = 0; c < std::min(known, cells - begin); ++c)
          sibling[begin + c] = parents[c] - mine[begin + c];
    }
  }
};

std::optional<Levels> make_levels(const std::shared_ptr<Team>& team, std::size_t rows, int depth, bool skewed,
                                  HistogramSums sums) {
  Levels out;
  out.data.reserve(static_cast<std::size_t>(depth));
  for (int l = 0; l < depth; ++l) {
    auto d = binned_rows({rows, kFeatures, 32, std::size_t{1} << l, skewed}, 1, *team);
    if (!d) return std::nullopt;
    if (l > 0) d->nodes.resize(std::size_t{1} << (l - 1));
    out.data.push_back(std::move(*d));
    auto b = HistogramBuilder::make(team, out.data.back(), sums);
    if (!b) return std::nullopt;
    out.builders.push_back(std::move(*b));
  }
  out.sibling.resize((std::size_t{1} << depth) * kFeatures * kBins * 2);
  return out;
}

void histogram(Record& record, const Options& options, int threads, int depth, bool skewed) {
  const auto rows = static_cast<std::size_t>(1048576 * options.scale);
  std::vector<int> cpus = allowed_cpus();
  cpus.resize(std::min(cpus.size(), static_cast<std::size_t>(threads)));
  const auto team = std::make_shared<Team>(cpus);
  auto fp64 = make_levels(team, rows, depth, skewed, HistogramSums::fp64),
       packed = make_levels(team, rows, depth, skewed, HistogramSums::packed);
  const std::string subject = "histograms of a tree of depth " + std::to_string(depth) + ", " +
                              std::to_string(rows) + " rows x 32 features, " +
                              (skewed ? "skewed bins" : "uniform bins");
  if (!fp64 || !packed) return record.skip(subject, "no memory");
  fp64->build();
  packed->build();
  Xgboost peer(fp64->data[0], threads, depth);
  peer.grow();
  const auto theirs = peer.root();
  const Split ours = best_split(fp64->builders[0].sums());
  if (!theirs) return record.skip(subject, "XGBoost: " + std::string(XGBGetLastError()));
  const bool same = theirs->feature == ours.feature && near(theirs->gain, ours.gain) &&
                    near(theirs->cover, ours.cover) && fp64->builders[0].sums() == packed->builders[0].sums();
  if (!same)
    return record.skip(subject, "the answers differ: XGBoost splits " + theirs->feature + " at " +
                                    show_number(theirs->bin) + " with gain " + show_number(theirs->gain) +
                                    ", our sums " + ours.feature + " at " + show_number(ours.bin) + " with " +
                                    show_number(ours.gain));
  Match m;
  m.kernel = "sparse/gbdt-histogram";
  m.subject = subject;
  m.threads = threads;
  m.items = static_cast<double>(rows * kFeatures) * depth;
  m.item = "row-feature-level";
  m.answer = "the same best split of the root: " + ours.feature + ", gain " + show_number(theirs->gain) +
             " and " + show_number(ours.gain) + "; the smallest node has " + show_percent(theirs->smallest) +
             " of the rows";
  m.roof = read_roof(team, {{fp64->data[0].bins.as<std::byte>(), fp64->data[0].bins.bytes()}}, 1);
  const std::string half = depth > 1 ? "; after the root half of the rows, the siblings by subtraction" : "";
  m.contestants.push_back(
      {"ridgepoint, FP64 sums",
       [&] { fp64->build(); },
       {},
       "bins, fp32 gradients, row ids and gradients in the nodes' order; histograms only" + half,
       std::nullopt});
  m.contestants.push_back(
      {"ridgepoint, packed integer sums",
       [&] { packed->build(); },
       {},
       "bins, 16-bit gradients, row ids and gradients in the nodes' order; histograms only" + half,
       std::nullopt});
  m.contestants.push_back({"XGBoost hist",
                           [&] { peer.grow(); },
                           {},
                           "bins, fp32 gradients, FP64 sums; also split finding, partitioning and the "
                           "predictions' update" +
                               half,
                           std::nullopt});
  record.add(interleave(std::move(m), options.rounds));
}

void be_quiet(const char*) {}

/// LIBLINEAR's copy of the rows [0, rows).
struct Linear {
  std::vector<feature_node> nodes;
  std::vector<feature_node*> rows;
  std::vector<double> labels;
  problem task{};
  Linear(const ClickRows& c, std::size_t count) {
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t k = 0; k < kRowEntries; ++k)
        nodes.push_back({static_cast<int>(c.ids.as<std::uint32_t>()[r * kRowEntries + k]) + 1,
                         k < kNumericFields ? double{c.values.as<float>()[r * kNumericFields + k]} : 1.0});
      nodes.push_back({-1, 0});
      labels.push_back(c.labels.as<std::uint8_t>()[r]);
    }
    for (std::size_t r = 0; r < count; ++r) rows.push_back(nodes.data() + r * (kRowEntries + 1));
    task = {static_cast<int>(count), 1 << c.bits, labels.data(), rows.data(), -1};
  }
};

/// Mean log-loss of rows [begin, end) when `weight` tells the weight of an id.
template <class Weight>
double loss_of(const ClickRows& c, std::size_t begin, std::size_t end, const Weight& weight) {
  double sum = 0;
  for (std::size_t r = begin; r < end; ++r) {
    double logit = 0;
    for (std::size_t k = 0; k < kRowEntries; ++k)
      logit += weight(c.ids.as<std::uint32_t>()[r * kRowEntries + k]) *
               (k < kNumericFields ? double{c.values.as<float>()[r * kNumericFields + k]} : 1.0);
    sum += log_loss(logit, c.labels.as<std::uint8_t>()[r] != 0);
  }
  return sum / static_cast<double>(end - begin);
}

void logistic(Record& record, const Options& options) {
  constexpr int kBits = 20, kEpochs = 3;
  const auto rows = static_cast<std::size_t>(131072 * options.scale), held_out = rows / 4;
  const std::string subject =
      "logistic regression until learned, " + std::to_string(rows) + " rows of 39 entries";
  const auto team = std::make_shared<Team>(std::vector<int>{allowed_cpus().front()});
  const auto c = click_rows(rows + held_out, kBits, 1.1, 1, *team);
  if (!c) return record.skip(subject, c.error().what);
  std::vector<std::uint64_t> ftrl;
  std::vector<std::uint32_t> sgd;
  const ClickView view{c->ids.as<std::uint32_t>(), c->values.as<float>(), c->labels.as<std::uint8_t>()};
  const auto train_ftrl = [&] {
    ftrl.assign(std::size_t{1} << kBits, 0);
    for (int e = 0; e < kEpochs; ++e) ftrl_rows(ftrl.data(), view, 0, rows);
  };
  const auto train_sgd = [&] {
    sgd.assign(std::size_t{1} << kBits, 0);
    for (std::uint64_t e = 0; e < kEpochs; ++e) sgd_rows(sgd.data(), view, 0, rows, e * rows);
  };
  const Linear copy(*c, rows);
  ::set_print_string_function(be_quiet);
  parameter settings{};
  settings.solver_type = L2R_LR;
  settings.eps = 0.01;
  settings.C = 0.1;
  ::model* theirs = nullptr;
  const auto train_linear = [&] {
    if (theirs != nullptr) ::free_and_destroy_model(&theirs);
    theirs = ::train(&copy.task, &settings);
  };
  train_ftrl();
  train_sgd();
  train_linear();
  const double planted = planted_loss(*c, rows, rows + held_out);
  const double by_ftrl = loss_of(*c, rows, rows + held_out, [&](std::uint32_t id) {
    return ftrl_weight(double{std::bit_cast<float>(static_cast<std::uint32_t>(ftrl[id]))},
                       double{std::bit_cast<float>(static_cast<std::uint32_t>(ftrl[id] >> 32))});
  });
  const double by_sgd = loss_of(*c, rows, rows + held_out,
                                [&](std::uint32_t id) { return double{std::bit_cast<float>(sgd[id])}; });
  const double sign = theirs->label[0] == 1 ? 1 : -1;
  const double by_linear =
      loss_of(*c, rows, rows + held_out, [&](std::uint32_t id) { return sign * theirs->w[id]; });
  if (!(by_ftrl < 1.05 * planted && by_sgd < 1.05 * planted && by_linear < 1.2 * planted))
    return record.skip(subject, "a model did not learn: log-loss " + show_number(by_ftrl) + ", " +
                                    show_number(by_sgd) + ", LIBLINEAR's " + show_number(by_linear));
  Match m;
  m.kernel = "sparse/logistic-ftrl";
  m.subject = subject;
  m.items = static_cast<double>(rows);
  m.item = "row";
  m.answer = "log-loss on " + std::to_string(held_out) + " unseen rows: planted " + show_number(planted, 4) +
             ", FTRL " + show_number(by_ftrl, 4) + ", SGD " + show_number(by_sgd, 4) + ", LIBLINEAR " +
             show_number(by_linear, 4);
  m.contestants.push_back(
      {"ridgepoint FTRL", train_ftrl, {}, "every row 3 times, 208 B a row", std::nullopt});
  m.contestants.push_back({"ridgepoint SGD", train_sgd, {}, "every row 3 times, 208 B a row", std::nullopt});
  m.contestants.push_back({"LIBLINEAR L2R_LR, C = 0.1",
                           train_linear,
                           {},
                           "every row twice a conjugate-gradient step, 640 B a row",
                           std::nullopt});
  record.add(interleave(std::move(m), options.rounds));
  if (theirs != nullptr) ::free_and_destroy_model(&theirs);
}

int main_of(int argc, char** argv) {
  const Options options = parse_options(argc, argv, "histogram logistic");
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) {  // the runtime reads it when it is loaded: start again
    ::setenv("OMP_WAIT_POLICY", "passive", 1);
    ::execv("/proc/self/exe", argv);
  }
  Record record("sparse_ml", options);
  int major = 0, minor = 0, patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  record.version("XGBoost",
                 std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch));
  record.version("LIBLINEAR", std::to_string(liblinear_version));
  if (options.wants("histogram"))
    for (const int threads : options.threads)
      for (const bool skewed : {false, true})
        for (const int depth : {1, 6}) histogram(record, options, threads, depth, skewed);
  if (options.wants("logistic")) logistic(record, options);
  return record.close();
}

}  // namespace
}  // namespace ridgepoint::peers

int main(int argc, char** argv) { return ridgepoint::peers::main_of(argc, argv); }
