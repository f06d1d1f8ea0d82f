// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/plan/instance.h"
#include "model/plan/program.h"

namespace ridgepoint {

/// How the pools of interactive work enter the program.
enum class PoolForm {
  relaxed,  ///< at the utilisation of one pool for everything: no pool is better, so the answer is a bound
  exact,    ///< one yes-or-no variable for each number of workers: the truth, for small questions
  fixed     ///< sizes and shares given
};

/// Sizes of one pool: who serves which share with how many devices.
struct FixedPool {
  double share = 0;
  std::int64_t workers = 0;
};

/// A program with the places of its variables; -1 where there is none.
struct Formulation {
  MipProgram program;
  PoolForm form = PoolForm::relaxed;
  using Cube = std::vector<std::vector<std::vector<std::int32_t>>>;
  Cube orders, owned, retired, rented, spare;    ///< [p][s][t]
  std::vector<Cube> share;                       ///< [w][p][s][t]
  std::vector<std::vector<std::int32_t>> unmet;  ///< [w][t]
  struct SizeChoice {
    std::size_t w, p, s, t;
    std::int32_t first;  ///< variable for one worker
    std::int64_t most;   ///< workers of the largest choice
  };
  std::vector<SizeChoice> choices;
  std::vector<std::int32_t> open;  ///< PoolForm::fixed: is the pool there?
};

using FixedPools = std::vector<std::vector<std::vector<std::vector<FixedPool>>>>;  ///< [w][p][s][t]

/// `pools` is needed for PoolForm::fixed. PoolForm::relaxed takes the utilisation of its pools instead of the
/// best thinkable one where they are given; the answer is then a good guess and no bound.
Formulation formulate(const PlanInstance& instance, PoolForm form, const FixedPools* pools = nullptr);

/// Yes-or-no variables that PoolForm::exact would need.
double exact_pool_choices(const PlanInstance& instance);

/// Servers that the whole of a demand takes, by the relaxed form or for batch work.
double relaxed_servers(const PlanInstance& instance, std::size_t w, std::size_t p, std::size_t t);

}  // namespace ridgepoint
