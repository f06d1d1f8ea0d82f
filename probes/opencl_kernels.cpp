// SPDX-License-Identifier: Apache-2.0
#include "probes/opencl_kernels.h"

namespace ridgepoint {
namespace {

/// "STEP(x0) STEP(x1) ..." for every chain.
std::string each_chain(const std::string& before, const std::string& after) {
  std::string text;
  for (std::size_t k = 0; k < kClChains; ++k) text += before + "x" + std::to_string(k) + after + " ";
  return text;
}

std::string repeated_steps() {
  std::string text;
  for (std::size_t u = 0; u < kClUnroll; ++u) text += "    " + each_chain("STEP(", ")") + "\n";
  return text;
}

/// The starts of the chains, none of them the fixed point 3.25.
std::string float_starts() {
  std::string text;
  for (std::size_t k = 0; k < kClChains; ++k)
    text += "  V x" + std::to_string(k) + " = (V)(seed * (S)" + std::to_string(k + 1) + ");\n";
  return text;
}

std::string integer_starts() {
  std::string text;
  for (std::size_t k = 0; k < kClChains; ++k)
    text += "  V x" + std::to_string(k) + " = (V)(item * 2654435761u + " + std::to_string(k) +
            "u * 40503u + 1u);\n";
  return text;
}

std::string integer_sum() {
  std::string text = "x0";
  for (std::size_t k = 1; k < kClChains; ++k) text += " + x" + std::to_string(k);
  return text;
}

}  // namespace

std::string cl_vector(const std::string& scalar, std::size_t lanes) {
  return lanes == 1 ? scalar : scalar + std::to_string(lanes);
}

std::string float_chains_source(const std::string& scalar, std::size_t lanes, bool fused) {
  std::string text = fused ? "#define MULTIPLY_ADD fma\n" : "#define MULTIPLY_ADD mad\n";
  if (scalar == "double") text += "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n";
  if (scalar == "half") text += "#pragma OPENCL EXTENSION cl_khr_fp16 : enable\n";
  text += "typedef " + scalar + " S;\ntypedef " + cl_vector(scalar, lanes) + " V;\n";
  // The factors come as words of the host's types: a half cannot be an argument.
  text += R"(#define STEP(x) x = MULTIPLY_ADD(x, a, b);
#define FAR(x) far = fmax(far, fabs(x - fixed));
__kernel void chains(__global V* out, int rounds, int a_64th, int b_64th) {
  const V a = (V)((S)a_64th / (S)64), b = (V)((S)b_64th / (S)64), fixed = b / ((V)((S)1) - a);
  const S seed = (S)7 / (S)10;
)" + float_starts() +
          "  for (int i = 0; i < rounds; ++i) {\n" + repeated_steps() + "  }\n  V far = (V)((S)0);\n  " +
          each_chain("FAR(", ")") + "\n  out[get_global_id(0)] = far;\n}\n";
  return text;
}

std::string int32_chains_source(std::size_t lanes) {
  return "typedef " + cl_vector("uint", lanes) +
         " V;\n#define STEP(x) x = x * a + b;\n"
         "__kernel void chains(__global V* out, int rounds, uint factor, uint term) {\n"
         "  const V a = (V)(factor), b = (V)(term);\n  const uint item = (uint)get_global_id(0);\n" +
         integer_starts() + "  for (int i = 0; i < rounds; ++i) {\n" + repeated_steps() +
         "  }\n  out[item] = " + integer_sum() + ";\n}\n";
}

std::string int8_chains_source() {
  return "#pragma OPENCL EXTENSION cl_khr_integer_dot_product : enable\ntypedef uint V;\n"
         "#define STEP(x) x = x + (uint)dot_4x8packed_ss_int(x, y);\n"
         "__kernel void chains(__global V* out, int rounds, uint y, uint unused) {\n"
         "  const uint item = (uint)get_global_id(0);\n" +
         integer_starts() + "  for (int i = 0; i < rounds; ++i) {\n" + repeated_steps() +
         "  }\n  out[item] = " + integer_sum() + ";\n}\n";
}

std::string stream_source(bool contiguous) {
  const std::string walk = contiguous
                               ? "#define FIRST(per) (get_global_id(0) * (per))\n#define STRIDE 1\n"
                                 "typedef ulong8 W;\ntypedef float16 F;\n"
                               : "#define FIRST(per) get_global_id(0)\n#define STRIDE get_global_size(0)\n"
                                 "typedef ulong2 W;\ntypedef float4 F;\n";
  return walk + R"(
// SplitMix64's finaliser over a counter, as model/core/random.h.
ulong random_word(ulong seed, ulong index) {
  ulong z = seed + (index + 1) * 0x9E3779B97F4A7C15UL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
  z = z ^ (z >> 31);
  return (z & 0x007fffff007fffffUL) | 0x3f8000003f800000UL;
}
__kernel void generate(__global ulong* out, ulong seed, ulong per) {
  size_t at = FIRST(per);
  for (ulong k = 0; k < per; ++k, at += STRIDE) out[at] = random_word(seed, at);
}
__kernel void sum(__global const W* in, __global W* out, ulong per) {
  W s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  size_t at = FIRST(per);
  for (ulong k = 0; k < per; k += 4, at += 4 * STRIDE) {
    s0 += in[at];
    s1 += in[at + STRIDE];
    s2 += in[at + 2 * STRIDE];
    s3 += in[at + 3 * STRIDE];
  }
  out[get_global_id(0)] = s0 + s1 + s2 + s3;
}
__kernel void copy(__global const W* in, __global W* out, ulong per) {
  size_t at = FIRST(per);
  for (ulong k = 0; k < per; ++k, at += STRIDE) out[at] = in[at];
}
__kernel void triad(__global const F* in, __global const F* other, __global F* out, float factor, ulong per) {
  size_t at = FIRST(per);
  for (ulong k = 0; k < per; ++k, at += STRIDE) out[at] = in[at] + factor * other[at];
}
__kernel void nothing(__global uint* unused) {}
)";
}

}  // namespace ridgepoint
