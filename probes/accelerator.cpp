// SPDX-License-Identifier: Apache-2.0
#include "probes/accelerator.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "model/core/ports.h"
#include "model/core/text.h"
#include "model/core/units.h"
#include "probes/accelerator_cache.h"
#include "probes/child_process.h"
#include "probes/measure.h"
#include "probes/outcome_codec.h"

namespace ridgepoint {
namespace {

double rounded(double bytes, double grain) { return std::floor(bytes / grain) * grain; }

}  // namespace

void add_identity(const Accelerator& d, const std::string& source, Facts& facts) {
  const auto words = [&](const std::string& rest, const std::string& value) {
    if (!value.empty()) facts[d.key(rest)] = measured_text(value, source);
  };
  const auto figure = [&](const std::string& rest, double value, const std::string& unit) {
    if (value > 0) facts[d.key(rest)] = measured(value, unit, source);
  };
  words("name", d.name);
  words("vendor", d.vendor);
  words("driver", d.driver);
  words("type", std::string(name_of(d.type)));
  figure("compute_units", d.compute_units, "1");
  figure("clock", d.clock_hz, "hz");
  figure("memory.capacity", d.memory_byte, "byte");
  figure("memory.max_alloc", d.max_alloc_byte, "byte");
}

AcceleratorSizes sizes_for(const Accelerator& d, Level level, double memory_limit_byte) {
  const bool smoke = level == Level::smoke;
  constexpr double kGrain = 64 * kKibi;
  // Beyond the caches of the devices of 2025 (256 MB): a GPU's three arrays are six times as large.
  const bool small =
      d.host_memory && level == Level::quick;  // its pages must be made first, which takes time
  double array = smoke ? 512 * kKibi : small ? 128 * kMebi : d.host_memory ? 256 * kMebi : 512 * kMebi;
  double transfer = smoke                   ? 256 * kKibi
                    : small                 ? 16 * kMebi
                    : level == Level::quick ? 64 * kMebi
                                            : 256 * kMebi;
  if (d.memory_byte > 0) array = std::min(array, d.memory_byte / 5);
  if (d.max_alloc_byte > 0) array = std::min(array, d.max_alloc_byte);
  // The link needs four buffers beside the arrays: pinned, pageable, read back, and the device's.
  transfer = std::min(transfer, memory_limit_byte / 16);
  if (d.host_memory) array = std::min(array, memory_limit_byte * 0.75 / 3);
  transfer = std::min(transfer, array);
  return {std::max(kGrain, rounded(array, kGrain)), std::max(kGrain, rounded(transfer, kGrain))};
}

std::vector<bool> chosen_devices(const std::vector<Accelerator>& devices, Level level) {
  std::vector<bool> chosen(devices.size(), true);
  if (level == Level::standard || level == Level::full) return chosen;
  for (std::size_t i = 0; i < devices.size(); ++i)
    chosen[i] = std::none_of(devices.begin(), devices.begin() + static_cast<std::ptrdiff_t>(i),
                             [&](const Accelerator& d) { return d.name == devices[i].name; });
  return chosen;
}

void judge(const std::vector<std::string>& troubles, const std::string& fix, ProbeOutcome& outcome) {
  if (troubles.empty()) return;
  outcome.status = outcome.samples.empty() ? ProbeStatus::failed : ProbeStatus::degraded;
  outcome.reason = join(troubles, "; ");
  outcome.fix = fix;
}

int pcie_generation(std::string_view speed) {
  constexpr std::array<std::string_view, 6> kSpeeds = {"2.5 ", "5.0 ", "8.0 ", "16.0 ", "32.0 ", "64.0 "};
  const auto* it = std::ranges::find_if(kSpeeds, [&](std::string_view s) { return speed.starts_with(s); });
  return it == kSpeeds.end() ? 0 : static_cast<int>(it - kSpeeds.begin()) + 1;
}

int pcie_lanes(std::string_view width) {
  constexpr int kMost = 32;
  int lanes = 0;
  const std::string_view word = trim(width);
  const auto [stop, code] = std::from_chars(word.data(), word.data() + word.size(), lanes);
  return code == std::errc() && stop == word.data() + word.size() && lanes > 0 && lanes <= kMost ? lanes : 0;
}

ProbeOutcome with_driver(const std::string& what, const std::function<ProbeOutcome()>& work, double limit_s) {
  const AcceleratorCache& cache = AcceleratorCache::of_this_process();
  const auto text = in_child(
      [&] {
        cache.enter();
        return dump_json_line(encode(work())).value_or("");
      },
      limit_s);
  if (Interrupt::requested()) return stopped({});
  const auto broken = [&](const std::string& why) {
    return give_up({}, ProbeStatus::failed,
                   {ErrorKind::unavailable, "the " + what + " driver gave no answer", why,
                    "update or remove the driver (clinfo, nvidia-smi and dmesg tell more); --skip " + what});
  };
  if (!text) return broken(text.error().why);
  if (text->empty()) return broken("it ended by itself");
  const auto json = parse_json(*text, "the driver's helper process");
  if (!json) return broken("its answer was not whole");
  auto outcome = decode<ProbeOutcome>(*json, "the driver's helper process");
  return outcome ? std::move(*outcome) : broken("its answer was not readable");
}

AffineMap repeated(AffineMap step, std::uint64_t rounds) {
  const auto then = [](AffineMap f, AffineMap g) {
    return AffineMap{g.factor * f.factor, g.factor * f.term + g.term};
  };
  AffineMap result;
  for (; rounds > 0; rounds /= 2) {
    if (rounds % 2 == 1) result = then(result, step);
    step = then(step, step);
  }
  return result;
}

std::uint32_t dot_step(std::uint32_t x, std::uint32_t y) {
  std::int32_t sum = 0;
  for (unsigned byte = 0; byte < 4; ++byte)
    sum += static_cast<std::int8_t>(x >> (8 * byte)) * static_cast<std::int8_t>(y >> (8 * byte));
  return x + static_cast<std::uint32_t>(sum);
}

}  // namespace ridgepoint
