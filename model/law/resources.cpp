// SPDX-License-Identifier: Apache-2.0
#include "model/law/resources.h"

#include <algorithm>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr double kTriadShare = 1.0 / 3;  // written bytes over all bytes of a[i] = b[i] + s * c[i]
constexpr double kTensorUnits = 3;       // FP16 over FP32 at which a wide accumulator is taken for granted

void add_compute(Resources& r, const Facts& facts) {
  for (const auto& [key, fact] : facts) {
    const auto parts = split(key, '.');
    if (parts.size() != 3 || parts[0] != "compute" || !fact.is_number() || fact.number() <= 0) continue;
    const auto roof = compute_roof({{key, fact}}, {parts[1]}, true);
    if (!roof) continue;
    const bool matrix = !compute_roof({{key, fact}}, {parts[1]}, false);
    r.compute.push_back({key, parts[1], matrix, roof->sustained, roof->sigma});
  }
}

/// "AD102", "GA10B": a die of a generation, not a design of its own.
bool is_die(const std::string& word) {
  const auto digit = word.find_first_of("0123456789");
  return digit == 2 && word.size() >= 5 && word.find('-') == std::string::npos &&
         std::all_of(word.begin(), word.begin() + 2, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<double> largest(const Facts& facts, const std::vector<std::string>& keys) {
  std::optional<double> best;
  for (const std::string& key : keys)
    if (const auto v = number(facts, key); v && *v > best.value_or(0)) best = v;
  return best;
}

bool has_tensor_units(const Resources& r) {
  double fp16 = 0, fp32 = 0;
  for (const ComputeRoof& c : r.compute) {
    if (c.precision == "fp16") fp16 = std::max(fp16, c.rate);
    if (c.precision == "fp32") fp32 = std::max(fp32, c.rate);
  }
  return fp16 >= kTensorUnits * fp32;
}

}  // namespace

const ComputeRoof* Resources::roof(const std::vector<std::string>& precisions, bool dense,
                                   bool training) const {
  const ComputeRoof* best = nullptr;
  for (const ComputeRoof& c : compute) {
    if (c.matrix && !dense) continue;
    if (!precisions.empty() && std::ranges::find(precisions, c.precision) == precisions.end()) continue;
    if (training && (c.precision == "int8" || c.precision == "fp8" ||
                     (c.precision == "fp16" && !has_tensor_units(*this))))
      continue;
    if (best == nullptr || c.rate > best->rate) best = &c;
  }
  return best;
}

const MemoryTier* Resources::tier(double footprint_byte) const {
  const MemoryTier* best = nullptr;
  for (const MemoryTier& t : memory) {
    if (!t.bandwidth || (footprint_byte > 0 && t.capacity_byte.value_or(0) < footprint_byte)) continue;
    if (best == nullptr || t.bandwidth->sustained > best->bandwidth->sustained) best = &t;
  }
  return best;
}

std::string generation_of(const std::string& microarchitecture) {
  std::vector<std::string> kept;
  for (const std::string& word : split(microarchitecture.substr(0, microarchitecture.find('(')), ' ')) {
    if (word == "+") break;
    if (!word.empty() && !is_die(word)) kept.push_back(word);
  }
  return join(kept, " ");
}

std::optional<double> year_of_date(const std::string& date) {
  const auto digits = [&](std::size_t from, std::size_t n) {
    return from + n <= date.size() && std::all_of(date.begin() + static_cast<std::ptrdiff_t>(from),
                                                  date.begin() + static_cast<std::ptrdiff_t>(from + n),
                                                  [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto at = date.find("20");
  if (at == std::string::npos || !digits(at, 4)) return std::nullopt;
  const double year = std::stod(date.substr(at, 4));
  const bool month = at + 4 < date.size() && date[at + 4] == '-' && digits(at + 5, 2);
  return year + (month ? (std::stod(date.substr(at + 5, 2)) - 1) / 12 : 0.5);
}

Resources resources_of(const Platform& p) {
  Resources r;
  r.kind = p.kind;
  r.id = p.id;
  r.microarchitecture = p.microarchitecture.value_or(std::string(name_of(p.kind)));
  r.generation = generation_of(r.microarchitecture);
  add_compute(r, p.facts);
  r.memory = memory_tiers(p.facts, kTriadShare);
  r.cache_byte =
      largest(p.facts, {"cache.llc.capacity", "cache.l2.capacity", "cache.l3.size", "memory.sram.capacity"});
  r.cores = largest(p.facts, {"topology.cores"}).value_or(1);
  const bool host = p.kind == PlatformClass::cpu || p.kind == PlatformClass::manycore_cpu;
  const auto base = number(p.facts, "clock.base"), boost = number(p.facts, "clock.boost");
  r.clock_hz = host ? (base ? base : boost) : (boost ? boost : base);
  r.link_byte_per_s = number(p.facts, "link.pcie.bandwidth");
  if (const auto both = number(p.facts, "link.scale_up.bandwidth")) r.scale_up_byte_per_s = *both / 2;
  r.scale_up_devices = number(p.facts, "link.scale_up.devices");
  r.watt = number(p.facts, "power.tdp");
  r.memory_domains = number(p.facts, "topology.memory_domains").value_or(1);
  r.partitions = number(p.facts, "topology.partitions").value_or(1);
  if (const std::string date = text(p.facts, "date.launch"); !date.empty()) {
    r.launched = date;
    r.launch_year = year_of_date(date);
  }
  return r;
}

}  // namespace ridgepoint
