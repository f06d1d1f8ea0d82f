// SPDX-License-Identifier: Apache-2.0
// The only user of CBC and CLP, through their C interfaces (EPL-2.0, linked and unchanged: docs/adr).
#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "model/plan/child.h"
#include "model/plan/program.h"

namespace ridgepoint {
namespace {

constexpr double kHuge = 1e30;  // CBC's infinity is DBL_MAX; this is taken as such by both
constexpr double kGrace = 1.5;  // seconds beyond CBC's own limit before the process is ended
constexpr double kWhole = 1e-9;

/// The program by columns, as both solvers want it.
struct ByColumn {
  std::vector<int> starts, rows;
  std::vector<double> values, column_low, column_high, cost, row_low, row_high;
};

double edge(double v) { return v == kNoLimit ? kHuge : v == -kNoLimit ? -kHuge : v; }

ByColumn by_column(const MipProgram& p) {
  ByColumn m;
  m.starts.assign(p.variables.size() + 1, 0);
  for (const auto& row : p.constraints) {
    for (const auto& term : row.terms) ++m.starts[static_cast<std::size_t>(term.first) + 1];
    m.row_low.push_back(edge(row.lower));
    m.row_high.push_back(edge(row.upper));
  }
  for (std::size_t i = 1; i < m.starts.size(); ++i) m.starts[i] += m.starts[i - 1];
  std::vector<int> next(m.starts.begin(), m.starts.end() - 1);
  m.rows.resize(static_cast<std::size_t>(m.starts.back()));
  m.values.resize(m.rows.size());
  for (std::size_t r = 0; r < p.constraints.size(); ++r)
    for (const auto& [column, factor] : p.constraints[r].terms) {
      const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(column)]++);
      m.rows[at] = static_cast<int>(r);
      m.values[at] = factor;
    }
  for (const auto& v : p.variables) {
    m.column_low.push_back(edge(v.lower));
    m.column_high.push_back(edge(v.upper));
    m.cost.push_back(v.cost);
  }
  return m;
}

struct Header {
  SolveStatus status = SolveStatus::unknown;
  double objective = 0, bound = -kNoLimit;
};

std::string pack(const Header& header, const double* x, std::size_t n) {
  std::string bytes(sizeof header + (x == nullptr ? 0 : n * sizeof(double)), '\0');
  std::memcpy(bytes.data(), &header, sizeof header);
  if (x != nullptr) std::memcpy(bytes.data() + sizeof header, x, n * sizeof(double));
  return bytes;
}

MipSolution unpack(const std::string& bytes, std::size_t n) {
  MipSolution s;
  Header header;
  if (bytes.size() < sizeof header) return s;
  std::memcpy(&header, bytes.data(), sizeof header);
  s.status = header.status;
  s.objective = header.objective;
  s.bound = header.bound;
  if (bytes.size() == sizeof header + n * sizeof(double)) {
    s.x.resize(n);
    std::memcpy(s.x.data(), bytes.data() + sizeof header, n * sizeof(double));
  } else if (s.status == SolveStatus::optimal || s.status == SolveStatus::feasible) {
    s.status = SolveStatus::unknown;  // cut short
  }
  return s;
}

Header relaxed_header(Clp_Simplex* model) {
  const int status = Clp_status(model);
  if (status == 0) return {SolveStatus::optimal, Clp_objectiveValue(model), Clp_objectiveValue(model)};
  return {status == 1 ? SolveStatus::infeasible : SolveStatus::unknown, 0, -kNoLimit};
}

std::string solve_relaxed_here(const MipProgram& p, const SolveLimits& limits) {
  ByColumn m = by_column(p);
  Clp_Simplex* model = Clp_newModel();
  Clp_setLogLevel(model, 0);
  Clp_setMaximumSeconds(model, limits.seconds);
  Clp_loadProblem(model, static_cast<int>(p.variables.size()), static_cast<int>(p.constraints.size()),
                  m.starts.data(), m.rows.data(), m.values.data(), m.column_low.data(), m.column_high.data(),
                  m.cost.data(), m.row_low.data(), m.row_high.data());
  Clp_initialSolve(model);
  const Header header = relaxed_header(model);
  return pack(header, header.status == SolveStatus::optimal ? Clp_primalColumnSolution(model) : nullptr,
              p.variables.size());
}

Header header_of(Cbc_Model* model, double gap) {
  if (Cbc_isProvenInfeasible(model)) return {SolveStatus::infeasible, 0, -kNoLimit};
  const double objective = Cbc_getObjValue(model);
  double bound = Cbc_getBestPossibleObjValue(model);
  const bool has_answer = Cbc_numberSavedSolutions(model) > 0 || Cbc_isProvenOptimal(model);
  const bool proven = Cbc_isProvenOptimal(model) && !Cbc_isSecondsLimitReached(model);
  // Once within the gap CBC may report the answer itself as the bound; the gap is what was proven.
  if (proven) bound = std::min(bound, objective - gap * std::fabs(objective));
  if (std::fabs(bound) > 1e40) bound = -kNoLimit;
  if (!has_answer || objective > 1e40) return {SolveStatus::unknown, 0, bound};
  return {proven ? SolveStatus::optimal : SolveStatus::feasible, objective, std::min(bound, objective)};
}

std::string solve_here(const MipProgram& p, const SolveLimits& limits) {
  ByColumn m = by_column(p);
  Cbc_Model* model = Cbc_newModel();
  Cbc_loadProblem(model, static_cast<int>(p.variables.size()), static_cast<int>(p.constraints.size()),
                  m.starts.data(), m.rows.data(), m.values.data(), m.column_low.data(), m.column_high.data(),
                  m.cost.data(), m.row_low.data(), m.row_high.data());
  for (std::size_t i = 0; i < p.variables.size(); ++i)
    if (p.variables[i].domain == Domain::integer) Cbc_setInteger(model, static_cast<int>(i));
  Cbc_setParameter(model, "timeMode", "elapsed");
  Cbc_setParameter(model, "sec", std::to_string(std::max(limits.seconds, 0.1)).c_str());
  Cbc_setParameter(model, "ratioGap", std::to_string(limits.gap).c_str());
  Cbc_setParameter(model, "integerTolerance", "1e-7");
  Cbc_setParameter(model, "primalTolerance", "1e-8");
  Cbc_setLogLevel(model, 0);
  Cbc_solve(model);
  const Header header = header_of(model, std::max(limits.gap, kWhole));
  const bool answered = header.status == SolveStatus::optimal || header.status == SolveStatus::feasible;
  return pack(header, answered ? Cbc_getColSolution(model) : nullptr, p.variables.size());
}

}  // namespace

std::string solver_name() { return std::string("CBC ") + Cbc_getVersion(); }

Result<MipSolution> solve(const MipProgram& p, const SolveLimits& limits) {
  return run_in_child([&] { return solve_here(p, limits); }, limits.seconds + kGrace, limits.memory_byte)
      .map([&](const std::string& bytes) { return unpack(bytes, p.variables.size()); });
}

Result<MipSolution> solve_relaxed(const MipProgram& p, const SolveLimits& limits) {
  return run_in_child([&] { return solve_relaxed_here(p, limits); }, limits.seconds + kGrace,
                      limits.memory_byte)
      .map([&](const std::string& bytes) { return unpack(bytes, p.variables.size()); });
}

}  // namespace ridgepoint
