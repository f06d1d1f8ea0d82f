// SPDX-License-Identifier: Apache-2.0
// Why no plan exists: the smallest set of limits that cannot all hold, and the cheapest way out.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <set>

#include "model/plan/formulate.h"
#include "model/plan/planner.h"

namespace ridgepoint {
namespace {

using Clock = std::chrono::steady_clock;

std::string unit_of(const std::string& group) {
  if (group.starts_with("power") || group.starts_with("cooling")) return "kW";
  if (group.starts_with("racks")) return "rack units";
  if (group.starts_with("stock")) return "servers a month";
  if (group.starts_with("budget")) return "1000 USD";
  if (group.starts_with("carbon")) return "t CO2e";
  if (group.starts_with("share")) return "kW above the share";
  return "share of the demand";
}

/// A slack for every row with a name; its cost is the excess as a share of the limit.
struct Elastic {
  MipProgram program;
  std::vector<std::pair<std::size_t, std::int32_t>> slacks;  // row, column
};

Elastic elastic_of(MipProgram program) {
  Elastic e{std::move(program), {}};
  for (auto& v : e.program.variables) v.cost = 0;
  for (std::size_t r = 0; r < e.program.constraints.size(); ++r) {
    auto& row = e.program.constraints[r];
    if (row.group.empty()) continue;
    const bool demand = std::isfinite(row.lower);
    const double scale = demand ? 1 : std::max(1.0, std::fabs(row.upper));
    const std::int32_t slack =
        e.program.add({"slack_" + row.name, 0, kNoLimit, 1 / scale, Domain::continuous});
    row.terms.emplace_back(slack, demand ? 1 : -1);
    e.slacks.emplace_back(r, slack);
  }
  return e;
}

Result<void> cheapest_way_out(const MipProgram& program, const SolveLimits& limits, Plan& plan) {
  const Elastic e = elastic_of(program);
  auto solved = solve(e.program, limits);
  if (!solved) return tl::make_unexpected(solved.error());
  if (solved->x.empty()) {
    plan.warnings.push_back(
        {"no-relaxation", "the cheapest way out was not found in the time given", "give more --seconds"});
    return {};
  }
  std::map<std::string, Relaxation> worst;
  for (const auto& [r, slack] : e.slacks) {
    const double excess = solved->x[static_cast<std::size_t>(slack)];
    const auto& row = e.program.constraints[r];
    if (excess < 1e-6) continue;
    Relaxation& relaxation = worst[row.group];
    if (excess <= relaxation.excess) continue;
    relaxation = {row.group, std::isfinite(row.lower) ? row.lower : row.upper, excess, unit_of(row.group)};
  }
  for (auto& [group, relaxation] : worst) plan.relaxations.push_back(relaxation);
  return {};
}

MipProgram without(const MipProgram& program, const std::set<std::string>& groups) {
  MipProgram out;
  out.variables = program.variables;
  for (const auto& row : program.constraints)
    if (!groups.contains(row.group)) out.constraints.push_back(row);
  return out;
}

/// Leaves out one group after the other for as long as the rest stays impossible.
Result<void> smallest_conflict(const MipProgram& program, const PlanOptions& options, Plan& plan) {
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(options.seconds));
  const SolveLimits limits{std::max(1.0, options.seconds / 4), 0, options.memory_byte};
  const auto impossible = [&](const MipProgram& p) -> Result<bool> {
    auto relaxed = solve_relaxed(p, limits);
    if (!relaxed) return tl::make_unexpected(relaxed.error());
    if (relaxed->status == SolveStatus::infeasible) return true;
    auto whole = solve(p, limits);
    if (!whole) return tl::make_unexpected(whole.error());
    return whole->status == SolveStatus::infeasible;
  };
  std::set<std::string> groups, dropped;
  for (const auto& row : program.constraints)
    if (!row.group.empty()) groups.insert(row.group);
  for (const std::string& group : groups) {
    if (Clock::now() > end) {
      plan.warnings.push_back({"conflict-not-minimal",
                               "some of the conflicting constraints may be innocent: the time ran out",
                               "give more --seconds"});
      break;
    }
    dropped.insert(group);
    const auto still = impossible(without(program, dropped));
    if (!still) return tl::make_unexpected(still.error());
    if (!*still) dropped.erase(group);
  }
  for (const std::string& group : groups)
    if (!dropped.contains(group)) plan.conflicts.push_back(group);
  return {};
}

}  // namespace

Result<void> explain_conflict(const PlanQuestion& q, const PlanOptions& options, Plan& plan) {
  const MipProgram program = program_of(q);
  if (auto done = cheapest_way_out(program, {options.seconds, 0.01, options.memory_byte}, plan); !done)
    return done;
  if (plan.status == PlanStatus::infeasible) return smallest_conflict(program, options, plan);
  return {};
}

}  // namespace ridgepoint
