// SPDX-License-Identifier: Apache-2.0
#include "model/law/fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <set>

#include "model/law/combine.h"

namespace ridgepoint {
namespace {

constexpr double kSigma = 0.025;  // of one measured logarithm, before the tails
constexpr double kFreedom = 4;    // of the Student-t error: a mislabelled row shall not bend the rest
constexpr int kIterations = 14;
constexpr double kConverged = 1e-4, kLongestStep = 1.0;

struct Unknown {
  std::string key;
  double prior = 1;
  std::int64_t rows = 0;
};

struct Entry {
  std::size_t unknown = 0;
  double weight = 1;
};

using Entries = std::vector<Entry>;
using Column = std::vector<std::pair<Eigen::Index, double>>;

/// The effects of an observation as numbers of unknowns.
struct Indexed {
  const Observation* seen = nullptr;
  std::vector<std::vector<Entries>> terms;  ///< [stage][term]
  Entries common;
};

class Index {
 public:
  Entries entries(const std::vector<Effect>& effects) {
    Entries out;
    for (const Effect& e : effects) out.push_back({number(e), e.weight});
    return out;
  }
  std::vector<Unknown> unknowns;
  std::map<std::string, std::size_t> by_key;

 private:
  std::size_t number(const Effect& e) {
    const auto [it, fresh] = by_key.try_emplace(e.key, unknowns.size());
    if (fresh) unknowns.push_back({e.key, e.prior, 0});
    return it->second;
  }
};

double sum(const Entries& entries, const Eigen::VectorXd& theta) {
  double s = 0;
  for (const Entry& e : entries) s += e.weight * theta[static_cast<Eigen::Index>(e.unknown)];
  return s;
}

class Fitter {
 public:
  explicit Fitter(const std::vector<Observation>& observations) {
    for (const Observation& o : observations) {
      Indexed i{&o, {}, index_.entries(common_effects(o.occasion, o.resources, o.setting))};
      for (const StageTerms& s : o.stages) {
        auto& list = i.terms.emplace_back();
        for (const LawTerm& t : s.terms)
          list.push_back(index_.entries(term_effects(t, o.resources, o.setting.software)));
      }
      cases_.push_back(std::move(i));
    }
    const auto n = static_cast<Eigen::Index>(cases_.size());
    const auto m = static_cast<Eigen::Index>(index_.unknowns.size());
    columns_.resize(static_cast<std::size_t>(m));
    residual_ = target_ = Eigen::VectorXd::Zero(n);
    theta_ = Eigen::VectorXd::Zero(m);
    prior_ = Eigen::VectorXd::Zero(m);
    for (Eigen::Index k = 0; k < m; ++k) {
      const double p = index_.unknowns[static_cast<std::size_t>(k)].prior;
      prior_[k] = p * p;
    }
  }

  Calibration run() {
    for (int i = 0; i < kIterations; ++i) {
      linearise();
      const Eigen::VectorXd step = posterior_mean() - theta_;
      const double largest = step.cwiseAbs().maxCoeff();
      theta_ += std::min(1.0, kLongestStep / std::max(largest, 1e-12)) * step;
      if (largest < kConverged) break;
    }
    linearise();
    return result();
  }

 private:
  void linearise() {
    for (Column& c : columns_) c.clear();
    Eigen::VectorXd noise(residual_.size());
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      residual_[row] = std::log(cases_[i].seen->device_seconds) - predict(cases_[i], row);
      const double z = residual_[row] / kSigma;
      noise[row] = kSigma * kSigma * (kFreedom + z * z) / (kFreedom + 1);
    }
    target_ = residual_;
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(residual_.size(), residual_.size());
    for (std::size_t k = 0; k < columns_.size(); ++k)
      for (const auto& [row, value] : columns_[k]) {
        target_[row] += value * theta_[static_cast<Eigen::Index>(k)];
        for (const auto& [other, weight] : columns_[k])
          gram(row, other) += value * weight * prior_[static_cast<Eigen::Index>(k)];
      }
    gram.diagonal() += noise;
    gram_.compute(gram);
  }

  Eigen::VectorXd posterior_mean() const {
    const Eigen::VectorXd pull = gram_.solve(target_);
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(theta_.size());
    for (std::size_t k = 0; k < columns_.size(); ++k)
      for (const auto& [row, value] : columns_[k])
        mean[static_cast<Eigen::Index>(k)] += value * pull[row] * prior_[static_cast<Eigen::Index>(k)];
    return mean;
  }

  double predict(const Indexed& c, Eigen::Index row) {
    std::vector<std::vector<double>> logs;
    for (std::size_t s = 0; s < c.terms.size(); ++s) {
      auto& list = logs.emplace_back();
      for (std::size_t t = 0; t < c.terms[s].size(); ++t)
        list.push_back(std::log(c.seen->stages[s].terms[t].seconds) + sum(c.terms[s][t], theta_));
    }
    const CombinedTime combined = combine(c.seen->stages, logs);
    const auto add = [&](const Entry& e, double share) {
      Column& column = columns_[e.unknown];
      if (column.empty() || column.back().first != row) column.emplace_back(row, 0.0);
      column.back().second += share * e.weight;
    };
    for (std::size_t s = 0; s < c.terms.size(); ++s)
      for (std::size_t t = 0; t < c.terms[s].size(); ++t)
        for (const Entry& e : c.terms[s][t]) add(e, combined.share[s][t]);
    for (const Entry& e : c.common) add(e, 1);
    return combined.log_seconds + sum(c.common, theta_);
  }

  /// L^-1 J P, so that a posterior variance is a difference of two squares.
  void prepare_spreads() {
    const Eigen::Index n = residual_.size();
    const Eigen::MatrixXd inverse = gram_.matrixL().solve(Eigen::MatrixXd::Identity(n, n));
    reduced_ = Eigen::MatrixXd::Zero(n, theta_.size());
    for (std::size_t k = 0; k < columns_.size(); ++k)
      for (const auto& [row, value] : columns_[k])
        reduced_.col(static_cast<Eigen::Index>(k)) +=
            inverse.col(row) * (value * prior_[static_cast<Eigen::Index>(k)]);
  }

  /// Posterior standard deviation of a sum of effects.
  double spread(const Entries& entries) const {
    Eigen::VectorXd u = Eigen::VectorXd::Zero(residual_.size());
    double before = 0;
    for (const Entry& e : entries) {
      const auto k = static_cast<Eigen::Index>(e.unknown);
      u += reduced_.col(k) * e.weight;
      before += prior_[k] * e.weight * e.weight;
    }
    return std::sqrt(std::max(0.0, before - u.squaredNorm()));
  }

  void add_spreads(const Indexed& c, std::map<std::string, double>& out) {
    for (const StageTerms& s : c.seen->stages)
      for (const LawTerm& t : s.terms)
        for (const Scope scope :
             {Scope::platform, Scope::generation, Scope::kind, Scope::kernel_class, Scope::group}) {
          const std::string key = scope_key(t, c.seen->resources, scope);
          if (key.empty() || out.contains(key)) continue;
          out[key] = spread(index_.entries(effects_at(t, c.seen->resources, scope)));
        }
  }

  Calibration result() {
    prepare_spreads();
    Calibration c;
    c.rows = static_cast<std::int64_t>(cases_.size());
    c.sigma = kSigma;
    for (const Indexed& i : cases_) {
      std::set<std::size_t> touched;
      for (const auto& stage : i.terms)
        for (const Entries& term : stage)
          for (const Entry& e : term) touched.insert(e.unknown);
      for (const Entry& e : i.common) touched.insert(e.unknown);
      for (const std::size_t k : touched) ++index_.unknowns[k].rows;
    }
    for (std::size_t k = 0; k < index_.unknowns.size(); ++k) {
      const Unknown& u = index_.unknowns[k];
      c.effects[u.key] = {theta_[static_cast<Eigen::Index>(k)], spread({{k, 1}}), u.rows};
    }
    for (const Indexed& i : cases_) add_spreads(i, c.spread);
    return c;
  }

  Index index_;
  std::vector<Indexed> cases_;
  std::vector<Column> columns_;  ///< of the Jacobian: by unknown, (row, derivative)
  Eigen::MatrixXd reduced_;
  Eigen::VectorXd residual_, target_, theta_, prior_;
  Eigen::LLT<Eigen::MatrixXd> gram_;
};

}  // namespace

Calibration fit_calibration(const std::vector<Observation>& observations) {
  if (observations.empty()) return {};
  return Fitter(observations).run();
}

}  // namespace ridgepoint
