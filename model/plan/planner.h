// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/core/plan.h"
#include "model/core/workload.h"
#include "model/plan/program.h"
#include "model/plan/suitability.h"

namespace ridgepoint {

struct PlanOptions {
  double seconds = 60;
  double gap = 0.01;
  double memory_byte = 8e9;
  std::int64_t seed = 1;
  std::int64_t arrivals = 100000;  ///< simulated for each pool; 0 = no simulation
  std::function<void(const std::string&, double)> progress = [](const std::string&, double) {};
};

/// Everything a plan depends on, beside its options.
struct PlanQuestion {
  Scenario scenario;
  std::vector<Platform> platforms;
  std::vector<Workload> workloads;
  std::shared_ptr<const Calibration> calibration = {};  ///< of the time law; null: class efficiencies alone
};

/// The cheapest plan found with its bound; or what stands in the way. An interrupted run, a missing solver
/// or a broken promise of a plan is an error; an infeasible scenario is an answer.
Result<Plan> make_plan(const PlanQuestion& question, const PlanOptions& options);

/// The program that make_plan bounds the cost with; for small questions that it solves.
MipProgram program_of(const PlanQuestion& question);

/// Speed that a scenario's caution counts on.
Speed speed_of(Caution caution);

/// One plan without conflicts, simulation, rows and words: for variants.
Result<Plan> bare_plan(const PlanQuestion& question, const PlanOptions& options, Speed speed);

/// Fills conflicts and relaxations of an infeasible plan.
Result<void> explain_conflict(const PlanQuestion& question, const PlanOptions& options, Plan& plan);

/// The same question with one platform at a time, GPUs alone, CPUs alone; with the value of diversity.
Result<void> add_portfolio(const PlanQuestion& question, const PlanOptions& options, Plan& plan);

/// "price=1.2", "demand=0.8", "stock=0.5", "electricity=2": a factor on all of them.
Result<void> add_what_if(const PlanQuestion& question, const PlanOptions& options,
                         const std::vector<std::string>& changes, Plan& plan);

/// plan.rows from the rest of the plan.
void add_rows(Plan& plan);

/// The month `offset` months after `start`, as YYYY-MM.
std::string month_after(const std::string& start, std::int64_t offset);

}  // namespace ridgepoint
