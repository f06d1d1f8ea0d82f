// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ridgepoint {

/// Loops are unrolled so often, so that their own instructions take no pipeline from the arithmetic:
/// `rounds` is a multiple of it everywhere below.
constexpr int kRoundUnit = 8;

/// What one run of a loop did.
struct ArithmeticRun {
  double operations = 0;    ///< multiply and add count one each, an int8 product and its sum too
  double instructions = 0;  ///< arithmetic instructions that did them
  double residual = 0;      ///< largest relative distance of any lane from the right answer
};

/// The same loop with `adds` dependent one-cycle integer additions a round beside it. Where they outlast the
/// arithmetic, the time of a round is `adds` cycles: the clock, seen under that load.
struct ClockLoop {
  int adds;
  ArithmeticRun (*run)(std::int64_t rounds);
};

/// One data type on one instruction set, all in registers (or tiles).
struct ArithmeticLoop {
  std::string dtype, isa;  ///< words of the fact key: "fp64" "avx512"
  std::string unit;        ///< "flop/s", or "op/s" for integers
  std::string method;      ///< for the fact's source
  double tolerance;        ///< of ArithmeticRun::residual
  ArithmeticRun (*run)(std::int64_t rounds);
  std::vector<ClockLoop> clocks;  ///< fewest additions first
  double instruction_limit = 0;   ///< a cycle, from the vendor's manual; 0: infer whole pipelines
};

/// The loops this CPU and this build can run; of each data type the widest instruction set last.
std::vector<ArithmeticLoop> arithmetic_loops();

/// Multiply-add chains of every vector instruction set (Highway) and of scalar code.
void add_simd_loops(std::vector<ArithmeticLoop>& loops);
/// What x86 has beyond: FP16, BF16 and INT8 dot products, AMX tiles.
void add_x86_loops(std::vector<ArithmeticLoop>& loops);
void add_amx_loops(std::vector<ArithmeticLoop>& loops);

}  // namespace ridgepoint
