// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint {

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

enum class Domain { continuous, integer };

/// A mixed-integer linear program: minimise cost . x, rows and columns within their limits.
struct MipProgram {
  struct Variable {
    std::string name;
    double lower = 0, upper = kNoLimit, cost = 0;
    Domain domain = Domain::continuous;
  };
  struct Constraint {
    std::string name;
    double lower = -kNoLimit, upper = kNoLimit;
    std::string group;  ///< what a planner would call it: "power at berlin"; empty = bookkeeping
    std::vector<std::pair<std::int32_t, double>> terms;
  };
  std::vector<Variable> variables;
  std::vector<Constraint> constraints;

  std::int32_t add(Variable v) {
    variables.push_back(std::move(v));
    return static_cast<std::int32_t>(variables.size()) - 1;
  }
  std::size_t integers() const;
};

enum class SolveStatus { optimal, feasible, infeasible, unknown };

struct MipSolution {
  SolveStatus status = SolveStatus::unknown;  ///< optimal = within the gap asked for
  double objective = 0;
  double bound = -kNoLimit;  ///< no solution is cheaper
  std::vector<double> x;
};

struct SolveLimits {
  double seconds = 60;
  double gap = 0;  ///< relative
  double memory_byte = 8e9;
};

/// "CBC 2.10.8", or empty when the program was built without a solver.
std::string solver_name();

/// By branch and cut, in a child process: it can be ended at any moment, and its memory is limited. Time or
/// memory at its end gives the best found, or `unknown`; Ctrl-C an `interrupted` error within 0.1 s.
Result<MipSolution> solve(const MipProgram& program, const SolveLimits& limits);

/// Integers taken as continuous.
Result<MipSolution> solve_relaxed(const MipProgram& program, const SolveLimits& limits);

/// CPLEX LP format, read by glpsol --lp, cbc and HiGHS.
std::string lp_text(const MipProgram& program);

}  // namespace ridgepoint
