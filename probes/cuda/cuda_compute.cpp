// SPDX-License-Identifier: Apache-2.0
// Peak arithmetic of a CUDA device: chains on the vector units, matrix products on the tensor units.
#include <algorithm>
#include <array>
#include <cstring>

#include "model/core/random.h"
#include "probes/cuda/cuda_cells.h"

namespace ridgepoint::cuda {
namespace {

constexpr double kSampleSeconds = 0.008;
constexpr int kLeastRounds = 16, kMostRounds = 1 << 26;
// Beyond this an accumulator of 16-bit products is no longer exact: 4 tiles x 16 x rounds < 2^24.
constexpr int kMostTensorRounds = 1 << 17;

struct Chains {
  ChainType type = ChainType::fp32;
  std::string name;
  int least_capability = 0;
  double operations = 2, tolerance = 0;  ///< tolerance 0: an integer type, answers are exact
};

// The two-byte types stall within two units in the last place of 3.25: 0.001 (fp16) and 0.01 (bf16) of it.
const std::array<Chains, 6> kTypes = {{{ChainType::fp64, "fp64", 0, 2, 1e-6},
                                       {ChainType::fp32, "fp32", 0, 2, 1e-5},
                                       {ChainType::fp16, "fp16", 53, 2, 0.003},
                                       {ChainType::bf16, "bf16", 80, 2, 0.02},
                                       {ChainType::int32, "int32", 0, 2, 0},
                                       {ChainType::int8_dot, "int8_dot", 61, 8, 0}}};

float as_float(std::uint32_t word) {
  float value = 0;
  std::memcpy(&value, &word, sizeof value);
  return value;
}

/// What one chain of an integer type ends at.
std::uint32_t end_of(ChainType type, std::uint32_t x, std::uint64_t steps) {
  if (type == ChainType::int32) return repeated({kIntFactor, kIntTerm}, steps)(x);
  for (std::uint64_t i = 0; i < steps; ++i) x = dot_step(x, kIntBytes);
  return x;
}

bool right(const Chains& c, const std::vector<std::uint32_t>& answer, std::uint64_t steps) {
  if (c.tolerance > 0)
    return std::ranges::all_of(
        answer, [&](std::uint32_t w) { return static_cast<double>(as_float(w)) <= c.tolerance; });
  // The host walks the int8 chains step by step, so of two threads only.
  for (const std::size_t thread : {std::size_t{0}, answer.size() - 1}) {
    std::uint32_t want = 0;
    for (std::uint32_t k = 0; k < kChains; ++k)
      want += end_of(c.type, chain_start(static_cast<std::uint32_t>(thread), k), steps);
    if (answer[thread] != want) return false;
  }
  return true;
}

/// A loop that is checked in every sample and whose rounds take about kSampleSeconds.
class Loop {
 public:
  using Launch = std::function<void(int rounds, std::uint32_t* answer)>;
  using Right = std::function<bool(const std::vector<std::uint32_t>&, int rounds)>;

  Loop(Device& device, std::string name, std::size_t words, double operations_a_round, Launch launch,
       Right right, int most_rounds)
      : device_(device),
        name_(std::move(name)),
        operations_(operations_a_round),
        launch_(std::move(launch)),
        right_(std::move(right)),
        answer_(words),
        out_(device.memory(words * sizeof(std::uint32_t))) {
    run();  // the first launch loads the kernel
    while (device_.trouble().empty() && run() < kSampleSeconds / 2 && rounds_ < most_rounds) rounds_ *= 2;
  }

  double rate() {
    const double seconds = run();
    return device_.trouble().empty() ? operations_ * rounds_ / seconds : 0;
  }

 private:
  double run() {
    const std::size_t bytes = answer_.size() * sizeof(std::uint32_t);
    device_.fill(out_, 0xff, bytes);  // a NaN: an old answer cannot pass
    const double seconds = device_.timed([&] { launch_(rounds_, static_cast<std::uint32_t*>(out_.get())); });
    device_.copy(answer_.data(), out_.get(), bytes, cudaMemcpyDeviceToHost);
    if (device_.trouble().empty() && !right_(answer_, rounds_)) device_.wrong(name_ + " gave a wrong answer");
    return seconds;
  }

  Device& device_;
  std::string name_;
  double operations_;
  Launch launch_;
  Right right_;
  std::vector<std::uint32_t> answer_;
  DeviceMemory out_;
  int rounds_ = kLeastRounds;
};

struct Tensor {
  TensorType type = TensorType::fp16;
  std::string name;
  int least_capability = 0;
  std::size_t element_byte = 2;
};
const std::array<Tensor, 3> kTensors = {{{TensorType::fp16, "fp16", 70, 2},
                                         {TensorType::bf16, "bf16", 80, 2},
                                         {TensorType::int8, "int8", 72, 1}}};

constexpr unsigned kEdge = kTileEdge, kTile = kTileEdge * kTileEdge;

/// -1 or 1.
int sign_at(std::uint64_t seed, std::size_t index) { return random_bits(seed, index) % 2 == 0 ? 1 : -1; }

std::vector<unsigned char> signs(TensorType type, std::uint64_t seed) {
  std::vector<unsigned char> bytes;
  for (std::size_t i = 0; i < kTile; ++i) {
    const bool minus = sign_at(seed, i) < 0;
    if (type == TensorType::int8) {
      bytes.push_back(minus ? 0xff : 0x01);
    } else {  // the high byte of -1 and 1: half 0x3c00, bfloat16 0x3f80
      bytes.push_back(type == TensorType::fp16 ? 0x00 : 0x80);
      const unsigned high = type == TensorType::fp16 ? 0x3c : 0x3f;
      bytes.push_back(static_cast<unsigned char>(minus ? high | 0x80U : high));
    }
  }
  return bytes;
}

/// Every warp's 256 words are kTiles * rounds * (a b) + 1 + 2 + ... + kTiles, exactly.
bool product_right(TensorType type, const std::vector<std::uint32_t>& answer, int rounds) {
  std::array<std::int64_t, kTile> want{};
  for (std::size_t row = 0; row < kEdge; ++row)
    for (std::size_t column = 0; column < kEdge; ++column) {
      std::int64_t sum = 0;
      for (std::size_t k = 0; k < kEdge; ++k)
        sum += sign_at(31, row * kEdge + k) * sign_at(32, k * kEdge + column);
      want[row * kEdge + column] = std::int64_t{kTiles} * rounds * sum + kTiles * (kTiles + 1) / 2;
    }
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const std::int64_t w = want[i % kTile];
    const bool same = type == TensorType::int8
                          ? static_cast<std::int32_t>(answer[i]) == w
                          : static_cast<double>(as_float(answer[i])) == static_cast<double>(w);
    if (!same) return false;
  }
  return true;
}

}  // namespace

std::vector<Cell> chain_cells(Device& device, const std::string& source) {
  std::vector<Cell> cells;
  for (const Chains& c : kTypes) {
    if (device.listed().capability < c.least_capability) continue;
    const double a_round =
        c.operations * kChains * kUnroll * lanes(c.type) * static_cast<double>(device.threads());
    auto loop = std::make_shared<Loop>(
        device, "the " + c.name + " chains", device.threads(), a_round,
        [&device, type = c.type](int rounds, std::uint32_t* out) {
          launch_chains(type, device.grid(), rounds, out);
        },
        [c](const auto& answer, int rounds) {
          return right(c, answer, static_cast<std::uint64_t>(rounds) * kUnroll);
        },
        kMostRounds);
    cells.push_back({device.listed().told.key("compute." + c.name), c.tolerance > 0 ? "flop/s" : "op/s",
                     source + "12 chains a thread in registers, vector units",
                     [loop] { return loop->rate(); }});
  }
  return cells;
}

std::vector<Cell> tensor_cells(Device& device, const std::string& source) {
  std::vector<Cell> cells;
  for (const Tensor& t : kTensors) {
    if (device.listed().capability < t.least_capability) continue;
    auto a = std::make_shared<DeviceMemory>(device.memory(kTile * t.element_byte));
    auto b = std::make_shared<DeviceMemory>(device.memory(kTile * t.element_byte));
    device.copy(a->get(), signs(t.type, 31).data(), kTile * t.element_byte, cudaMemcpyHostToDevice);
    device.copy(b->get(), signs(t.type, 32).data(), kTile * t.element_byte, cudaMemcpyHostToDevice);
    const std::size_t warps = device.threads() / 32;
    auto loop = std::make_shared<Loop>(
        device, "the " + t.name + " matrix products", warps * kTile,
        2.0 * kEdge * kTile * kTiles * static_cast<double>(warps),
        [&device, type = t.type, a, b](int rounds, std::uint32_t* out) {
          launch_tensor(type, device.grid(), rounds, a->get(), b->get(), out);
        },
        [type = t.type](const auto& answer, int rounds) { return product_right(type, answer, rounds); },
        kMostTensorRounds);
    cells.push_back({device.listed().told.key("compute." + t.name + "_tensor"),
                     t.type == TensorType::int8 ? "op/s" : "flop/s",
                     source + "16x16x16 warp matrix products (WMMA), tensor units",
                     [loop] { return loop->rate(); }});
  }
  return cells;
}

}  // namespace ridgepoint::cuda
