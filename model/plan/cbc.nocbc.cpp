// SPDX-License-Identifier: Apache-2.0
#include "model/plan/program.h"

namespace ridgepoint {
namespace {

tl::unexpected<Error> no_solver() {
  return fail(ErrorKind::unavailable, "this program was built without a solver for integer programs",
              "a plan cannot be proven, and none is guessed",
              "install coinor-libcbc-dev and build again, or write the program with --export-lp and solve it "
              "elsewhere");
}

}  // namespace

std::string solver_name() { return ""; }
Result<MipSolution> solve(const MipProgram&, const SolveLimits&) { return no_solver(); }
Result<MipSolution> solve_relaxed(const MipProgram&, const SolveLimits&) { return no_solver(); }

}  // namespace ridgepoint
