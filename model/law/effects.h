// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/law/law.h"

namespace ridgepoint {

/// One unknown of the calibration: a logarithm with a normal prior of mean 0. `weight` is what it is
/// multiplied by.
struct Effect {
  std::string key;
  double weight = 1;
  double prior = 1;  ///< standard deviation
};

/// The effects that add up to minus the logarithm of a term's efficiency, widest first: group, group on the
/// kind of platform, on its generation, on the platform; then the same four of the class (partial
/// pooling). Keys are "memory/spmv", "memory/spmv@gpu", "memory/spmv@Hopper", "memory/spmv@nvidia-h100-sxm".
std::vector<Effect> term_effects(const LawTerm& term, const Resources& resources,
                                 const std::string& software);

/// What a measured time depends on beyond the terms.
struct Occasion {
  std::string kernel_class;  ///< of the stage that matters most by its ideal time
  std::string workload;      ///< id, with " training" where a network's id serves both
  bool to_target = false;    ///< a whole training run with evaluation and start-up
};

/// Effects on the whole time: workload (its definition may miscount), software, generation, die and
/// platform in every class, age of the platform (software matures), several devices and nodes, a run to the
/// target.
std::vector<Effect> common_effects(const Occasion& occasion, const Resources& resources,
                                   const Setting& setting);

/// How much of a term's efficiency is known: which of the four scopes exist. Widest last in words:
/// "platform", "generation", "kind", "class", "group", "nothing".
enum class Scope { platform, generation, kind, kernel_class, group, nothing };

/// The key under which the spread of a term's efficiency at a scope stands.
std::string scope_key(const LawTerm& term, const Resources& resources, Scope scope);

/// The effects that exist at a scope, and the variance that the missing finer ones add.
std::vector<Effect> effects_at(const LawTerm& term, const Resources& resources, Scope scope);
double missing_variance(const LawTerm& term, Scope scope);

}  // namespace ridgepoint
