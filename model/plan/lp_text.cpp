// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>

#include "model/plan/program.h"

namespace ridgepoint {
namespace {

std::string digits(double value) {
  char buffer[64];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

std::string signed_term(double factor, const std::string& name) {
  return (factor < 0 ? " - " : " + ") + digits(std::fabs(factor)) + " " + name;
}

/// Long lines are broken: some readers stop at 255 letters.
class Lines {
 public:
  void add(const std::string& piece) {
    if (column_ + piece.size() > 200) {
      text_ += "\n ";
      column_ = 1;
    }
    text_ += piece;
    column_ += piece.size();
  }
  void end() {
    text_ += "\n";
    column_ = 0;
  }
  std::string text_;

 private:
  std::size_t column_ = 0;
};

void write_sum(Lines& out, const MipProgram& program, const MipProgram::Constraint& row) {
  for (const auto& [column, factor] : row.terms)
    out.add(signed_term(factor, program.variables[static_cast<std::size_t>(column)].name));
}

void write_row(Lines& out, const MipProgram& program, const MipProgram::Constraint& row) {
  if (row.terms.empty()) return;
  const bool low = std::isfinite(row.lower), high = std::isfinite(row.upper);
  const auto line = [&](const std::string& suffix, const std::string& sense, double limit) {
    out.add(" " + row.name + suffix + ":");
    write_sum(out, program, row);
    out.add(" " + sense + " " + digits(limit));
    out.end();
  };
  if (low && high && row.lower == row.upper) return line("", "=", row.lower);
  if (low) line(high ? "_lo" : "", ">=", row.lower);
  if (high) line("", "<=", row.upper);
}

}  // namespace

std::size_t MipProgram::integers() const {
  return static_cast<std::size_t>(std::ranges::count(variables, Domain::integer, &Variable::domain));
}

std::string lp_text(const MipProgram& program) {
  Lines out;
  out.add("\\ a capacity plan, written by ridgepoint");
  out.end();
  out.add("Minimize");
  out.end();
  out.add(" usd:");
  for (const auto& v : program.variables)
    if (v.cost != 0) out.add(signed_term(v.cost, v.name));
  out.end();
  out.add("Subject To");
  out.end();
  for (const auto& row : program.constraints) write_row(out, program, row);
  out.add("Bounds");
  out.end();
  for (const auto& v : program.variables) {
    if (v.lower == 0 && !std::isfinite(v.upper)) continue;
    out.add(" " + digits(v.lower) + " <= " + v.name +
            (std::isfinite(v.upper) ? " <= " + digits(v.upper) : ""));
    out.end();
  }
  out.add("Generals");
  out.end();
  for (const auto& v : program.variables) {
    if (v.domain != Domain::integer) continue;
    out.add(" " + v.name);
  }
  out.end();
  out.add("End");
  out.end();
  return out.text_;
}

}  // namespace ridgepoint
